import { createContext, useContext } from 'react';

/** Whether the server tells this page by itself when a request for approval comes or changes. */
export const ApprovalFeedContext = createContext(false);

const withoutFeedMs = 5_000;

/** What a question about approvals asks again with: not at all while the server tells by itself. */
export const useApprovalRefetch = (): number | false => (useContext(ApprovalFeedContext) ? false : withoutFeedMs);
