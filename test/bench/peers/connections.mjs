const { DATABASE_URL, DATABASE_POOL = '10' } = process.env;

/** What a peer's pool is opened with: as many connections as the platform's, kept as long while nobody asks. */
export const connections = {
  connectionString: DATABASE_URL,
  max: Number(DATABASE_POOL),
  idleTimeoutMillis: 10 * 60_000,
  options: '-c TimeZone=UTC',
};
