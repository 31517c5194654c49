import { msg, str } from '@lit/localize';
import { formatBytes, formatSeconds } from '../lib/format.ts';
import { sentences } from '../lib/plural.ts';
import { chooseModel, file, goOn, host, type SomeErrorMessages, text, tryAgain } from './error-message.ts';

/** Messages for errors of downloads. */
export const DOWNLOAD_MESSAGES = {
  offline: () => ({
    title: msg('No connection'),
    meaning: msg('What has arrived is safe and is not fetched again. Models that are on this device go on working.'),
    action: goOn(),
  }),
  stalled: () => ({
    title: msg('The connection stands still'),
    meaning: msg('The server sends nothing any more. What has arrived is safe.'),
    action: goOn(),
  }),
  'not-found': ({ url }) => ({
    title: msg('The file is not there'),
    meaning: msg(str`${host(url)} says that it has no such file (404). The model may have been moved or renamed.`),
    action: chooseModel(),
  }),
  'access-denied': ({ url }) => ({
    title: msg('The server does not hand out this model'),
    meaning: msg(str`${host(url)} asks for a login or a licence to be accepted first (401 or 403).`),
    action: chooseModel(),
  }),
  'rate-limited': ({ url, retryAfterMs }) => ({
    title: msg('The server asks for a pause'),
    meaning: sentences(
      msg(str`${host(url)} has had too many requests from here.`),
      typeof retryAfterMs === 'number'
        ? msg(str`It allows more in ${formatSeconds(retryAfterMs / 1_000)}.`)
        : msg('Try again in a few minutes.'),
      msg('What has arrived is safe.'),
    ),
    action: goOn(),
  }),
  'server-error': ({ url, status }) => ({
    title: msg('The server has a problem'),
    meaning: sentences(
      status === undefined
        ? msg(str`${host(url)} answered with an error.`)
        : msg(str`${host(url)} answered with error ${status}.`),
      msg('What has arrived is safe.'),
    ),
    action: goOn(),
  }),
  'not-weights': ({ url }) => ({
    title: msg('A web page came instead of the model'),
    meaning: msg(
      str`${host(url)} sent a page. A network with a login page, such as in a hotel, does that. Nothing of it was stored.`,
    ),
    action: tryAgain(),
  }),
  'file-truncated': ({ path, expectedBytes, receivedBytes }) => ({
    title: msg('A file ended too early'),
    meaning: sentences(
      typeof expectedBytes === 'number' && typeof receivedBytes === 'number'
        ? msg(str`${file(path)} has ${formatBytes(receivedBytes)} of ${formatBytes(expectedBytes)}.`)
        : msg(str`${file(path)} is shorter than the server promised.`),
      msg('What has arrived is safe.'),
    ),
    action: goOn(),
  }),
  'file-corrupt': ({ path, host: from }) => ({
    title: msg('A file is not what it should be'),
    meaning: sentences(
      from === undefined
        ? msg(str`${file(path)} has a wrong checksum and was thrown away.`)
        : msg(str`${file(path)} from ${text(from)} has a wrong checksum and was thrown away.`),
      msg('All other files are kept.'),
    ),
    action: { step: 'download', label: msg('Fetch it again') },
  }),
  'file-changed': ({ path }) => ({
    title: msg('The model changed on the server'),
    meaning: msg(
      str`${file(path)} differs from the version that this download began with, and mixed versions would not run. Cancel and begin anew.`,
    ),
  }),
  'blocked-by-policy': ({ host: blocked }) => ({
    title: msg('This page may not fetch from there'),
    meaning: msg(
      str`Its security policy does not allow ${text(blocked)}, or a host that it redirects to. In Alcove itself you can allow it in the settings, under Hosts; on another site, whoever runs it can add it to connect-src.`,
    ),
  }),
} satisfies SomeErrorMessages;
