/** A statement that cannot be read as a whole; the message tells its uploader why and what would be right. */
export class StatementFailure extends Error {}
