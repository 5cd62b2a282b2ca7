import { describe, expect, it } from "vitest";
import { refusalOf } from "./request-guard.ts";

const request = (method: string, headers: Record<string, string>) => ({
  method,
  headers: new Headers(headers),
});

describe("the request guard", () => {
  it.each(["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "localhost"])("serves host %s", (host) => {
    expect(refusalOf(request("GET", { host }), "")).toBeNull();
  });

  it.each(["evil.example", "localhost.evil.example:3000", "", "127.0.0.2"])(
    "refuses host %j (DNS rebinding)",
    (host) => {
      expect(refusalOf(request("GET", { host }), "")).toMatch(/not served/);
    },
  );

  it("serves a host that was allowed", () => {
    expect(refusalOf(request("GET", { host: "tiller.lan:3000" }), "x.lan, tiller.lan")).toBeNull();
  });

  it("refuses state changes from other sites, and lets own pages and the command line through", () => {
    const host = "localhost:3000";
    expect(refusalOf(request("POST", { host, origin: "http://localhost:3000" }), "")).toBeNull();
    expect(refusalOf(request("POST", { host }), "")).toBeNull();
    expect(refusalOf(request("POST", { host, origin: "https://evil.example" }), "")).toMatch(/refused/);
    expect(refusalOf(request("POST", { host, origin: "null" }), "")).toMatch(/refused/);
    expect(refusalOf(request("PUT", { host, "sec-fetch-site": "cross-site" }), "")).toMatch(/refused/);
    expect(refusalOf(request("GET", { host, origin: "https://evil.example" }), "")).toBeNull();
  });
});
