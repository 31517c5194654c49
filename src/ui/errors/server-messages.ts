import { msg, str } from '@lit/localize';
import { sentences } from '../lib/plural.ts';
import { chooseModel, type SomeErrorMessages, serverName, text, tryAgain } from './error-message.ts';

/** Messages for errors of custom servers. */
export const SERVER_MESSAGES = {
  'address-invalid': () => ({
    title: msg('This is not an address'),
    meaning: msg('An address starts with https:// or http:// and a host.'),
  }),
  'server-unreachable': ({ host: server, origin, isMixed }) => ({
    title: msg('Your server does not answer'),
    meaning: sentences(
      msg(
        str`${serverName(server)} is off, has another address, or does not allow this page. If it runs, allow pages from ${text(origin)} there: for Ollama with OLLAMA_ORIGINS, in LM Studio with its CORS switch, for vLLM with --allowed-origins.`,
      ),
      isMixed === true
        ? msg(
            'This page uses https, and browsers let such a page connect only to https addresses and to this computer.',
          )
        : '',
    ),
    action: tryAgain(),
  }),
  'server-forbids-page': ({ host: server, origin }) => ({
    title: msg('Your server does not allow this page'),
    meaning: msg(
      str`${serverName(server)} answers, but not to pages from ${text(origin)}. Allow that origin there: for Ollama with OLLAMA_ORIGINS, in LM Studio with its CORS switch, for vLLM with --allowed-origins.`,
    ),
    action: tryAgain(),
  }),
  'server-key-refused': ({ host: server }) => ({
    title: msg('Your server does not accept the key'),
    meaning: msg(str`${serverName(server)} needs a key, or another one. Enter it in Settings, under Custom servers.`),
    action: tryAgain(),
  }),
  'server-model-unknown': ({ host: server, model }) => ({
    title: msg('Your server does not have this model'),
    meaning: msg(
      str`${serverName(server)} does not know ${text(model)}. Refresh its models in Settings, or choose another one.`,
    ),
    action: chooseModel(),
  }),
  'server-cut-off': ({ host: server }) => ({
    title: msg('The connection to your server was lost'),
    meaning: msg(str`${serverName(server)} stopped in the middle of its answer.`),
    action: tryAgain(),
  }),
  'server-answer-invalid': ({ host: server }) => ({
    title: msg('Your server sent an unexpected reply'),
    meaning: msg(
      str`${serverName(server)} did not reply like an OpenAI-compatible server. Check that the address is that of its API.`,
    ),
    action: tryAgain(),
  }),
  'server-silent': ({ host: server, seconds }) => ({
    title: msg('Your server does not respond'),
    meaning: msg(
      str`${serverName(server)} accepted the request and sent nothing for ${text(seconds)} seconds. It may still be loading the model.`,
    ),
    action: tryAgain(),
  }),
  'server-failed': ({ host: server, status, reason }) => ({
    title: msg('Your server refused'),
    meaning: sentences(
      typeof status === 'number' && status > 0
        ? msg(str`${serverName(server)} answered with error ${status}.`)
        : msg(str`${serverName(server)} answered with an error.`),
      reason === undefined ? '' : msg(str`It says: “${text(reason)}”`),
    ),
    action: tryAgain(),
  }),
} satisfies SomeErrorMessages;
