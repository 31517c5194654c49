import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { Message } from '../../../chat/conversation.ts';
import { iconButton } from '../../base/icon-button.ts';
import type { MessageActionEvent } from '../../contract/events.ts';
import { formatNumber } from '../../lib/format.ts';

/** Pages through a message and its siblings. @param isBusy they cannot be changed now */
export function siblingPager(
  { id, role }: Message,
  siblingIds: readonly string[],
  isBusy: boolean,
  act: (action: MessageActionEvent['action'], messageId: string) => void,
): TemplateResult {
  const at = siblingIds.indexOf(id);
  const step = (by: -1 | 1, icon: string, label: string): TemplateResult => {
    const target = siblingIds[at + by];
    const isDisabled = target === undefined || isBusy;
    return iconButton(icon, label, () => !isDisabled && act('select-sibling', target), { isDisabled });
  };
  return html`<span class="siblings numbers" role="group" aria-label=${role === 'user' ? msg('Versions of the question') : msg('Answers')}>
    ${step(-1, 'chevron-left', msg('Previous version'))}<button
      type="button"
      class="sibling-count"
      title=${msg('All branches')}
      @click=${() => act('show-branches', id)}
    >${formatNumber(at + 1)}/${formatNumber(siblingIds.length)}</button
    >${step(1, 'chevron-right', msg('Next version'))}
  </span>`;
}
