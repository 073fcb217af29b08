package io.shmipc.guide;

record Price(String article, int cents) {}
