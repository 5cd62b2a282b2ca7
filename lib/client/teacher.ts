import { useState } from "react";
import { type TeacherSettings, teacherSettingsSchema } from "#lib/teacher/settings.ts";
import { recall, remember } from "./remembered.ts";

const NAME = "teacher";

/** Keeps in this browser who wrote last. */
export function rememberTeacher(teacher: TeacherSettings): void {
  remember(NAME, teacher);
}

/** Who is to write: what was chosen here, else who wrote last in this browser, else the bundled model. */
export function useTeacher(): [TeacherSettings, (change: Partial<TeacherSettings>) => void] {
  const [teacher, setTeacher] = useState(
    () => recall(NAME, teacherSettingsSchema) ?? teacherSettingsSchema.parse({ models: ["demo"] }),
  );
  return [teacher, (change) => setTeacher((before) => ({ ...before, ...change }))];
}
