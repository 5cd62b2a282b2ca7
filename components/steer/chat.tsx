"use client";
import { Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { DownloadQuestion } from "#components/runs/download-question.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { CheckField, SelectField } from "#components/ui/field.tsx";
import type { Steerables } from "#lib/chat/api.ts";
import type { NamedPreset } from "#lib/chat/presets.ts";
import { useSettled } from "#lib/client/settled.ts";
import { firstVector, modelOf, traitOf } from "./choices.ts";
import { Composer } from "./composer.tsx";
import { EndpointCard } from "./endpoint-card.tsx";
import { ExchangeView } from "./exchange.tsx";
import { Presets } from "./presets.tsx";
import { SamplingFields } from "./sampling-fields.tsx";
import { useBackend } from "./use-backend.ts";
import { useConversation } from "./use-conversation.ts";
import { type ChosenVector, shareLink, steeringOf, useSettings } from "./use-settings.ts";
import { VectorControls } from "./vector-controls.tsx";

/** After a slider has rested this long, in milliseconds, the answer follows it. */
const REST = 400;

export function Chat({ all }: { all: Steerables }) {
  const { settings, setSettings } = useSettings();
  const { v, colour } = settings;
  const model = modelOf(all, settings.model, v);
  const steering = steeringOf(settings);
  const { open, question, progress } = useBackend(settings.device);
  const { exchanges, busy, send, stop, regenerate, clear } = useConversation(open);
  const [live, setLive] = useState(false);
  const [text, setText] = useState(settings.text ?? "");
  const raw = all.models.find(({ id }) => id === model)?.chat === false;
  const { max: maxTokens, temperature, seed } = settings;
  const asked = { model, raw, steering, maxTokens, temperature, seed };
  useFollow(live && exchanges.length > 0, JSON.stringify(asked), () => void regenerate(asked));

  const setVectors = (next: ChosenVector[]) => setSettings({ v: next });
  const addVector = () => {
    const next = v.at(-1) ?? firstVector(all);
    if (next) setVectors([...v, next]);
  };
  const load = ({ model: of, steering: { vectors, tokens } }: NamedPreset) =>
    setSettings({
      model: of,
      tokens,
      v: vectors.map(({ ratio = 0, coef, ...name }) => {
        return { ...name, coef: coef ?? ratio * (traitOf(all, name)?.norms[name.layer] ?? 0) };
      }),
    });
  const chosen = colour === null ? undefined : v[colour];
  const origin = all.experiments.find(({ experiment }) => experiment === chosen?.experiment);
  const read = chosen && {
    experiment: chosen.experiment,
    trait: chosen.trait,
    method: chosen.method,
    layer: chosen.layer,
    component: origin?.component ?? "residual",
  };

  return (
    <div className="grid items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
      <div className="grid gap-4">
        <Card
          title="Vectors"
          hint="Each acts at the output of its layer; additions first, then what is ablated or clamped."
          actions={
            <Button onClick={addVector} disabled={v.length >= 16}>
              <Plus size={14} aria-hidden /> Add
            </Button>
          }
        >
          <div className="grid gap-3">
            {v.length === 0 && (
              <p className="text-muted text-sm">
                Nothing steers yet, so both sides are the same. Add a vector, or open a cell of an
                experiment's steering page and choose Try in chat.
              </p>
            )}
            {v.map((vector, place) => (
              <VectorControls
                // biome-ignore lint/suspicious/noArrayIndexKey: a vector may be chosen twice; its place is what it is
                key={place}
                place={place}
                vector={vector}
                all={all}
                onChange={(next) => setVectors(v.with(place, next))}
                onRemove={() => {
                  setVectors(v.filter((_, at) => at !== place));
                  if (colour !== null && colour >= place) void setSettings({ colour: null });
                }}
              />
            ))}
          </div>
        </Card>
        <Card title="Model and sampling">
          <SamplingFields {...{ all, model, settings, setSettings }} />
        </Card>
        <Card title="Presets" hint="Vectors, strengths and model under a name.">
          <Presets model={model} steering={steering} onLoad={load} />
        </Card>
      </div>
      <div className="grid gap-4">
        <Card
          title="Chat"
          hint={raw ? "This model has no chat template: it goes on with your text as it is." : undefined}
          actions={
            <>
              <ShareButtons text={text || (exchanges.at(-1)?.text ?? "")} />
              <Button onClick={clear} disabled={exchanges.length === 0}>
                Clear
              </Button>
            </>
          }
        >
          <div className="mb-3 flex flex-wrap items-end gap-4">
            <SelectField
              className="w-64"
              label="Colour tokens by"
              value={colour ?? ""}
              onChange={(event) =>
                setSettings({ colour: event.target.value === "" ? null : Number(event.target.value) })
              }
            >
              <option value="">nothing</option>
              {v.map((vector, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <option key={place} value={place}>
                  vector {place + 1}: {vector.trait}, layer {vector.layer}
                </option>
              ))}
            </SelectField>
            <CheckField
              label="Answer again as settings change"
              checked={live}
              onChange={(event) => setLive(event.target.checked)}
            />
          </div>
          {question && (
            <DownloadQuestion {...question} what="This chat" stop="Do not load it" onStop={question.refuse} />
          )}
          {progress && (
            <p role="status" className="text-muted text-sm">
              {progress}
            </p>
          )}
          {exchanges.length > 0 && (
            <ol className="divide-y" aria-label="Conversation">
              {exchanges.map((exchange) => (
                <ExchangeView key={exchange.id} {...{ exchange, model, open, busy }} colour={read ?? null} />
              ))}
            </ol>
          )}
          <Composer
            busy={busy}
            first={settings.text}
            canSend={!busy && model !== ""}
            canRegenerate={!busy && exchanges.length > 0}
            onSend={(message) => void send(message, asked)}
            onStop={() => {
              question?.refuse();
              stop();
            }}
            onRegenerate={() => void regenerate(asked)}
            onText={setText}
          />
        </Card>
        <EndpointCard model={model} steering={steering} />
      </div>
    </div>
  );
}

/** Acts when `key` has changed and then rested; never for the first. */
function useFollow(on: boolean, key: string, act: () => void): void {
  const rested = useSettled(key, REST);
  const last = useRef(rested);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of the settings acts
  useEffect(() => {
    if (rested === last.current) return;
    last.current = rested;
    if (on) act();
  }, [rested, on]);
}

/** A link holds every setting; the text only where it is asked for. */
function ShareButtons({ text }: { text: string }) {
  const copy = (withText: boolean) =>
    navigator.clipboard.writeText(shareLink(location.href, withText ? text : null)).then(
      () => toast.success(withText ? "The link is copied, with your text" : "The link is copied"),
      () => toast.error("The browser did not allow copying; the address bar has the same link"),
    );
  return (
    <>
      <Button onClick={() => copy(false)}>Copy link</Button>
      <Button onClick={() => copy(true)} disabled={text === ""}>
        … with my text
      </Button>
    </>
  );
}
