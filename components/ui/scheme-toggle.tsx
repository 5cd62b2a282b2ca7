"use client";
import { SunMoon } from "lucide-react";

/** Switches between light and dark; until it is used the system decides. The choice is kept in this browser. */
export function SchemeToggle() {
  const toggle = () => {
    const root = document.documentElement;
    const systemDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const dark = root.dataset.scheme ? root.dataset.scheme === "dark" : systemDark;
    root.dataset.scheme = dark ? "light" : "dark";
    localStorage.setItem("tiller.scheme", root.dataset.scheme);
  };
  return (
    <button
      type="button"
      onClick={toggle}
      className="rounded p-1.5 hover:bg-raised"
      aria-label="Switch light and dark"
    >
      <SunMoon size={18} aria-hidden />
    </button>
  );
}

/** Runs before the first paint, so that a chosen scheme does not flash. */
export const schemeScript = `try{const s=localStorage.getItem("tiller.scheme");if(s==="light"||s==="dark")document.documentElement.dataset.scheme=s}catch{}`;
