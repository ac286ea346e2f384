/** How the resident answers: the choices as buttons, and the form that the desk's question wants. */

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { words } from '../i18n/words';
import { Icon } from '../ui/icons';
import { Scroller } from '../ui/scroller';
import { answerForm, type AnswerForm } from './answer-form';
import { CodeForm } from './code-form';
import type { Conversation, Failure } from './conversation';
import { IdentityForm } from './identity-form';
import { PadForm } from './pad-form';
import type { Choice } from './reply';
import { TextForm } from './text-form';

export function Answer({ conversation }: { conversation: Conversation }): JSX.Element {
  const reply = conversation.latest.value;
  const wanted = answerForm(reply);
  const failure = conversation.failure.value;
  const keyed = wanted.form !== 'text' && wanted.form !== 'card';
  const choices = reply !== null && reply.choices.length > 0 && (
    <Choices choices={reply.choices} onChoose={(choice) => conversation.send(choice.label, { choice: choice.id })} />
  );
  const answered = conversation.turns.value.filter((turn) => turn.reply !== null).length;
  return (
    <section class="answer" aria-label={words.conversation.answer} inert={conversation.waiting.value !== 'no'}>
      <Scroller>
        {failure !== null && <Failed failure={failure} onRetry={() => conversation.retry()} />}
        {/* The choices are the answer, unless there is a form with keys of its own: there they are the other ways. */}
        {!keyed && choices}
        {/* A new question gets a new form; while a message is on its way, or was refused, the form keeps what it holds. */}
        <Form key={answered} wanted={wanted} prompt={reply?.expects?.prompt ?? ''} conversation={conversation} />
        {keyed && choices}
      </Scroller>
    </section>
  );
}

function Failed({ failure, onRetry }: { failure: Failure; onRetry: () => void }): JSX.Element {
  return (
    <div class="failure" role="alert">
      <Icon name="warning" />
      <p>{failure.title}</p>
      {failure.again && (
        <button type="button" class="button button--primary" onClick={onRetry}>
          {words.failure.again}
        </button>
      )}
    </div>
  );
}

function Choices({ choices, onChoose }: { choices: readonly Choice[]; onChoose: (choice: Choice) => void }): JSX.Element {
  return (
    <ul class="choices" aria-label={words.conversation.choices}>
      {choices.map((choice) => (
        <li key={choice.id}>
          <button type="button" class="button choices__button" onClick={() => onChoose(choice)}>
            {choice.label}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface FormProps {
  readonly wanted: AnswerForm;
  readonly prompt: string;
  readonly conversation: Conversation;
}

/** The form that is wanted, or words where the resident would rather say something else. */
function Form({ wanted, prompt, conversation }: FormProps): JSX.Element {
  const inWords = useSignal(false);
  const say = (text: string) => conversation.say(text);
  const text = <TextForm label={inWords.value || prompt === '' ? words.conversation.more : prompt} draft={conversation.draft} onSend={say} />;
  if (wanted.form === 'text') {
    return text;
  }
  if (wanted.form === 'card') {
    return (
      <div class="form">
        <p class="form__note">{words.input.noCardReader}</p>
        {text}
      </div>
    );
  }
  const other = wanted.form === 'pad' ? words.input.asText : words.identity.other;
  return (
    <>
      {inWords.value ? text : <Keyed wanted={wanted} prompt={prompt} conversation={conversation} />}
      <button type="button" class="button button--quiet" onClick={() => (inWords.value = !inWords.value)}>
        {inWords.value ? words.input.asPad : other}
      </button>
    </>
  );
}

interface KeyedProps extends FormProps {
  readonly wanted: Exclude<AnswerForm, { form: 'text' | 'card' }>;
}

/** The forms with keys of their own. */
function Keyed({ wanted, prompt, conversation }: KeyedProps): JSX.Element {
  switch (wanted.form) {
    case 'identity':
      return <IdentityForm onSend={(name, id_number) => conversation.send(words.identity.given, { proof: { name, id_number } })} />;
    case 'code':
      return <CodeForm prompt={prompt} onSend={(otp) => conversation.send(words.code.given, { proof: { otp } })} />;
    case 'pad':
      return <PadForm kind={wanted.kind} label={prompt} onSend={(text) => conversation.say(text)} />;
  }
}
