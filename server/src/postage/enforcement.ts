/**
 * THE SWITCH, for the one day on which devices learn to pay. It is no setting and will be gone.
 *
 * While false: `postage` may be empty where it will be asked for, `POST /v1/tickets` and 32-byte tickets work beside blind
 * ones, and a rendezvous is opened with postage or with a pass. Postage that is shown is checked and spent all the same.
 *
 * To flip it: set it to true and run everything; then remove this file with every branch that asks it (grep
 * POSTAGE_REQUIRED), the old tickets in server/src/passes and retention, IssueTicket and TicketIssued in the proto, and
 * drop the table in a migration.
 */
export const POSTAGE_REQUIRED: boolean = false;
