/** The mail server wants a mail later: the job is to try again. */
export class MailDelayed extends Error {}
