/**
 * What the database refuses by itself, whoever asks. The functions run with their owner's eyes: they write sums that the
 * service's role may only read, and see every row that a rule is about.
 */
const asOwner = `SECURITY DEFINER SET search_path = public, pg_temp`;

/**
 * For functions that look up journals of freshly written rows. The plan is made once per session from the first rows it
 * sees; without this it may be the one that reads all journals, for a booking of two postings.
 */
const byIndex = `SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off`;

/** ALWAYS: also where triggers are switched off for a session. */
export const appendOnly = `
  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE 'What is booked stays as it is; reverse the journal instead (% of %)', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END $$;
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting EXECUTE FUNCTION refuse_change();
  ALTER TABLE journal ENABLE ALWAYS TRIGGER append_only;
  ALTER TABLE posting ENABLE ALWAYS TRIGGER append_only;`;

/**
 * Who books shares a tenant's lock to the end of the transaction; who closes or opens a month has it alone. So a month is
 * closed after all bookings that found it open, and a booking sees every month that was closed before.
 */
export const takeTurns = `
  CREATE FUNCTION ledger_lock(tenant_id integer) RETURNS bigint LANGUAGE sql IMMUTABLE
  RETURN hashtextextended('ledger/' || tenant_id, 0);
  CREATE FUNCTION take_turns() RETURNS trigger LANGUAGE plpgsql ${asOwner} AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock(ledger_lock(coalesce(NEW.tenant_id, OLD.tenant_id)));
    RETURN coalesce(NEW, OLD);
  END $$;
  CREATE TRIGGER take_turns BEFORE INSERT OR UPDATE OR DELETE ON period FOR EACH ROW EXECUTE FUNCTION take_turns();`;

export const refuseClosedMonth = `
  CREATE FUNCTION refuse_closed_month() RETURNS trigger LANGUAGE plpgsql ${asOwner} AS $$
  DECLARE
    closed record;
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(ledger_lock(tenant_id)) FROM (SELECT DISTINCT tenant_id FROM added);
    SELECT period.month, added.key INTO closed
    FROM added JOIN period ON period.tenant_id = added.tenant_id AND period.book = added.book
                          AND period.month = to_char(added.booked_on, 'YYYY-MM')
    LIMIT 1;
    IF FOUND THEN
      RAISE 'The month % is closed; journal % cannot be booked in it', closed.month, closed.key
        USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_in_open_month';
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER refuse_closed_month AFTER INSERT ON journal REFERENCING NEW TABLE AS added
    EXECUTE FUNCTION refuse_closed_month();`;

/**
 * All postings of a journal come in one statement and are checked together. None can be added later: the statement would
 * have to bring all numbers from 1 on, and those are taken.
 */
export const checkPostings = `
  CREATE FUNCTION check_postings() RETURNS trigger LANGUAGE plpgsql ${asOwner} ${byIndex} AS $$
  DECLARE
    wrong record;
  BEGIN
    WITH in_currency AS (
      SELECT tenant_id, journal_id, sum(amount) AS difference, count(*) AS postings, max(number) AS last,
             min(booked_on) AS from_day, max(booked_on) AS to_day
      FROM added
      GROUP BY tenant_id, journal_id, currency
    ),
    together AS (
      SELECT tenant_id, journal_id, bool_and(difference = 0) AS is_balanced, sum(postings) AS postings, max(last) AS last,
             min(from_day) AS from_day, max(to_day) AS to_day
      FROM in_currency
      GROUP BY tenant_id, journal_id
    )
    SELECT journal_id, fault INTO wrong
    FROM together LEFT JOIN journal ON journal.tenant_id = together.tenant_id AND journal.id = journal_id, LATERAL (
      SELECT CASE
        WHEN journal.id IS NULL THEN 'is not there'
        WHEN NOT is_balanced THEN 'does not sum to zero in each currency'
        WHEN (from_day, to_day) <> (journal.booked_on, journal.booked_on) THEN 'is of another day'
        WHEN (together.postings, last) <> (journal.postings, journal.postings)
          THEN 'must have exactly its postings, in one statement'
      END AS fault
    ) AS checked
    WHERE fault IS NOT NULL
    LIMIT 1;
    IF FOUND THEN
      RAISE 'Journal % %', wrong.journal_id, wrong.fault
        USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_of_balanced_journal';
    END IF;

    SELECT added.journal_id INTO wrong
    FROM added
    JOIN journal AS reversal ON reversal.tenant_id = added.tenant_id AND reversal.id = added.journal_id
                            AND reversal.reverses IS NOT NULL
    JOIN journal AS original ON original.tenant_id = added.tenant_id AND original.id = reversal.reverses
    LEFT JOIN posting AS mirrored ON mirrored.tenant_id = added.tenant_id AND mirrored.journal_id = original.id
                                 AND mirrored.number = added.number
    WHERE (mirrored.account, mirrored.currency, mirrored.amount)
          IS DISTINCT FROM (added.account, added.currency, -added.amount)
       OR (original.book, original.kind, original.postings) <> (reversal.book, reversal.kind, reversal.postings)
       OR reversal.booked_on < original.booked_on
    LIMIT 1;
    IF FOUND THEN
      RAISE 'Journal % is not the exact mirror of the one it reverses', wrong.journal_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_mirrors_original';
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER check_postings AFTER INSERT ON posting REFERENCING NEW TABLE AS added
    EXECUTE FUNCTION check_postings();`;

/** Only adds rows, so that two bookings never wait for each other, even on the same cash account. */
export const noteMovements = `
  CREATE FUNCTION note_movements() RETURNS trigger LANGUAGE plpgsql ${asOwner} ${byIndex} AS $$
  BEGIN
    INSERT INTO movement (tenant_id, account, currency, kind, month, amount)
    SELECT added.tenant_id, account, currency, kind, to_char(added.booked_on, 'YYYY-MM'), sum(amount)
    FROM added JOIN journal ON journal.tenant_id = added.tenant_id AND journal.id = journal_id
    GROUP BY added.tenant_id, account, currency, kind, to_char(added.booked_on, 'YYYY-MM');
    RETURN NULL;
  END $$;
  CREATE TRIGGER note_movements AFTER INSERT ON posting REFERENCING NEW TABLE AS added
    EXECUTE FUNCTION note_movements();`;

/**
 * Moves sums from one place to another in one statement, so that whoever reads sees them exactly once. It writes in the
 * order of the keys, as any other that folds at the same time: so they wait for each other, but never in a circle.
 */
export const foldMovements = `
  WITH taken AS (
    DELETE FROM movement
    WHERE ctid = ANY (ARRAY (SELECT ctid FROM movement LIMIT how_many FOR UPDATE SKIP LOCKED))
    RETURNING *
  ),
  months AS (
    INSERT INTO turnover AS folded (tenant_id, account, currency, month, kind, amount)
    SELECT tenant_id, account, currency, month, kind, sum(amount)
    FROM taken
    GROUP BY tenant_id, account, currency, month, kind
    ORDER BY tenant_id, account, currency, month, kind
    ON CONFLICT (tenant_id, account, currency, month, kind)
    DO UPDATE SET amount = folded.amount + excluded.amount
  ),
  balances AS (
    INSERT INTO balance AS folded (tenant_id, account, currency, kind, amount)
    SELECT tenant_id, account, currency, kind, sum(amount)
    FROM taken
    GROUP BY tenant_id, account, currency, kind
    ORDER BY tenant_id, account, currency, kind
    ON CONFLICT (tenant_id, account, currency, kind)
    DO UPDATE SET amount = folded.amount + excluded.amount
  )
  SELECT count(*) FROM taken`;

/** Whoever may execute such a function could make it the trigger of a temporary table with rows of their own. */
export const keepToTheirTables = `
  REVOKE ALL ON FUNCTION take_turns(), refuse_closed_month(), check_postings(), note_movements() FROM PUBLIC;`;
