/** docs/reference/audit-actions.md: the closed catalogue of audited actions (AUD-2). */
import { parseSource } from '../../lint/source-tree.ts';
import { constantsOf, literalOf, propertiesOf, textProperty } from './literals.ts';
import { generatedNote, needFile, type ReferencePage, table } from './page.ts';

const cataloguePath = 'apps/server/src/modules/audit/domain/audit-actions.ts';

export interface AuditAction {
  readonly action: string;
  readonly sentence: string;
}

/** Reads `export const auditActions = { 'noun.verb': 'sentence' }`, or an entry with a `sentence` of its own. */
export function auditActionsOf(path: string, text: string): AuditAction[] {
  const catalogue = constantsOf(parseSource(path, text)).find(({ name }) => name === 'auditActions');
  if (catalogue === undefined) throw new Error(`${path} declares no auditActions`);
  return propertiesOf(catalogue.value).map(([action, value]) => {
    if (!/^[a-z0-9-_]+(?:\.[a-z0-9-_]+)+$/.test(action)) throw new Error(`${action} is not of the form noun.verb`);
    const literal = literalOf(value);
    return { action, sentence: typeof literal === 'string' ? literal : (textProperty(value, 'sentence') ?? '') };
  });
}

export const auditActionsPage: ReferencePage = {
  path: 'docs/reference/audit-actions.md',
  build: ({ root }) => {
    const actions = auditActionsOf(cataloguePath, needFile(root, cataloguePath));
    const empty = actions.filter(({ sentence }) => sentence === '').map(({ action }) => action);
    if (empty.length > 0) throw new Error(`${cataloguePath}: no sentence for ${empty.join(', ')}`);
    return [
      '# Audit actions',
      '',
      'The closed catalogue of what the audit log can say. Names are part of the permanent record and never change.',
      '',
      generatedNote,
      '',
      table(
        ['action', 'written when'],
        actions
          .sort((a, b) => a.action.localeCompare(b.action, 'en'))
          .map(({ action, sentence }) => [`\`${action}\``, sentence]),
      ),
      '',
    ].join('\n');
  },
};
