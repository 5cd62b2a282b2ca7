import { useState } from "react";
import { type TeacherSettings, teacherSettingsSchema } from "#lib/teacher/settings.ts";

const KEY = "tiller.teacher";

function remembered(): TeacherSettings | null {
  try {
    return teacherSettingsSchema.safeParse(JSON.parse(localStorage.getItem(KEY) ?? "null")).data ?? null;
  } catch {
    return null;
  }
}

/** Keeps in this browser who wrote last; never a key. */
export function rememberTeacher(teacher: TeacherSettings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(teacher));
  } catch {
    // A browser that keeps nothing asks again.
  }
}

/** Who is to write: what was chosen here, else who wrote last in this browser, else the bundled model. */
export function useTeacher(): [TeacherSettings, (change: Partial<TeacherSettings>) => void] {
  const [teacher, setTeacher] = useState(
    () => remembered() ?? teacherSettingsSchema.parse({ models: ["demo"] }),
  );
  return [teacher, (change) => setTeacher((before) => ({ ...before, ...change }))];
}
