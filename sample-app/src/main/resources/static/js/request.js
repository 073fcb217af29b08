// A request that changes something; a refusal comes back as a sentence.

export async function request(method, address) {
    try {
        const response = await fetch(address, {method, headers: {Accept: 'application/json'}});
        const body = await response.json();
        return response.ok ? {body} : {problem: body.detail ?? body.message ?? `The answer was ${response.status}.`};
    } catch (failure) {
        return {problem: 'The web application does not answer: is it still running?'};
    }
}
