import { msg, str } from '@lit/localize';
import { sentences } from '../lib/plural.ts';
import { chooseModel, type SomeErrorMessages, serverName, text, tryAgain } from './error-message.ts';

/** Messages for errors of custom servers. */
export const SERVER_MESSAGES = {
  'address-invalid': () => ({
    title: msg('This is no address'),
    meaning: msg('An address begins with https:// or http:// and a host.'),
  }),
  'server-unreachable': ({ host: server, origin, isMixed }) => ({
    title: msg('Your server does not answer'),
    meaning: sentences(
      msg(
        str`${serverName(server)} is off, has another address, or does not let this page in. If it runs, allow pages from ${text(origin)} there: for Ollama by OLLAMA_ORIGINS, in LM Studio by the switch for CORS, for vLLM by --allowed-origins.`,
      ),
      isMixed === true
        ? msg(
            'This page came by https, and browsers let such a page ask only https addresses, or this computer itself.',
          )
        : '',
    ),
    action: tryAgain(),
  }),
  'server-forbids-page': ({ host: server, origin }) => ({
    title: msg('Your server does not let this page in'),
    meaning: msg(
      str`${serverName(server)} answers, but not to pages from ${text(origin)}. Allow that origin there: for Ollama by OLLAMA_ORIGINS, in LM Studio by the switch for CORS, for vLLM by --allowed-origins.`,
    ),
    action: tryAgain(),
  }),
  'server-key-refused': ({ host: server }) => ({
    title: msg('Your server does not accept the key'),
    meaning: msg(
      str`${serverName(server)} asks for a key, or for another one. It is entered in the settings, under A server of your own.`,
    ),
    action: tryAgain(),
  }),
  'server-model-unknown': ({ host: server, model }) => ({
    title: msg('Your server does not have this model'),
    meaning: msg(
      str`${serverName(server)} does not know ${text(model)}. Look for its models again in the settings, or choose another one.`,
    ),
    action: chooseModel(),
  }),
  'server-cut-off': ({ host: server }) => ({
    title: msg('The connection to your server broke'),
    meaning: msg(str`${serverName(server)} stopped in the middle of its answer. What has arrived is kept.`),
    action: tryAgain(),
  }),
  'server-answer-invalid': ({ host: server }) => ({
    title: msg('Your server answers something else'),
    meaning: msg(
      str`What came from ${serverName(server)} is not what an OpenAI-compatible server sends. What had arrived before is kept. See whether the address is that of its API.`,
    ),
    action: tryAgain(),
  }),
  'server-silent': ({ host: server, seconds }) => ({
    title: msg('Your server is silent'),
    meaning: msg(
      str`${serverName(server)} took the request and sent nothing for ${text(seconds)} seconds. It may still be loading the model.`,
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
      msg('What was written is kept.'),
    ),
    action: tryAgain(),
  }),
} satisfies SomeErrorMessages;
