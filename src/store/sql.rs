//! Every statement, one text for both databases. Columns of an insert are in the order of `migrations/`.

/// The index under either index key in use.
pub(super) const PERSON_BY_INDEX: &str = "select key, name, id_number, phone from people where id_index in ($1, $2)";

pub(super) const PERSON: &str = "select key, name, id_number, phone from people where key = $1";

pub(super) const PEOPLE_COUNT: &str = "select count(*) from people";

pub(super) const ENROLLMENTS: &str = "
    select insurance, state, since, until, employer, place
    from enrollments where person = $1 order by n";

// The two long registers come as one text each, fields after $1 and rows after $2: a row of its own costs the driver ten times as
// much as the database (`benches/turn.rs`).

pub(super) const CONTRIBUTIONS: &str = "
    select string_agg(
        insurance || $1 || month || $1 || base || $1 || unit || $1 || personal || $1 || coalesce(cast(paid_on as text), '') || $1 || employer,
        $2 order by month, insurance, employer
    )
    from contributions where person = $3 and month between $4 and $5";

pub(super) const CONTRIBUTIONS_OF: &str = "
    select string_agg(
        insurance || $1 || month || $1 || base || $1 || unit || $1 || personal || $1 || coalesce(cast(paid_on as text), '') || $1 || employer,
        $2 order by month, employer
    )
    from contributions where person = $3 and month between $4 and $5 and insurance = $6";

pub(super) const PENSION_ACCOUNT: &str = "
    select year, paid_in, interest, balance
    from pension_account where person = $1 order by year";

pub(super) const MEDICAL_ACCOUNT: &str = "
    select day, what, amount, balance
    from medical_account where person = $1 order by day desc, n limit $2";

pub(super) const MEDICAL_CLAIMS: &str = "
    select day, what, hospital, total, fund, personal, paid_on
    from medical_claims where person = $1 order by day desc, n";

pub(super) const PAYMENTS: &str = "
    select string_agg(
        kind || $1 || month || $1 || amount || $1 || coalesce(cast(paid_on as text), '') || $1 || state || $1 || card_tail,
        $2 order by month desc, n
    )
    from payments where person = $3";

pub(super) const PAYMENTS_OF: &str = "
    select string_agg(
        kind || $1 || month || $1 || amount || $1 || coalesce(cast(paid_on as text), '') || $1 || state || $1 || card_tail,
        $2 order by month desc, n
    )
    from payments where person = $3 and kind = $4";

pub(super) const CERTIFICATION: &str = "select done_on, due_on, how from certification where person = $1";

pub(super) const CARD: &str = "select state, tail, bank, issued_on, bank_active from card where person = $1";

pub(super) const CASES: &str = "
    select person, number, matter, state, accepted_on, due_on, note, steps
    from cases where person = $1 order by accepted_on desc, number desc";

pub(super) const CASE: &str = "
    select person, number, matter, state, accepted_on, due_on, note, steps
    from cases where number = $1";

pub(super) const AS_OF: &str = "select as_of from registers where name = $1";

pub(super) const SET_AS_OF: &str = "
    insert into registers (name, as_of) values ($1, $2)
    on conflict (name) do update set as_of = excluded.as_of";

/// Session, last reply and earlier reply in one statement, so that all are of one moment.
pub(super) const RECALL: &str = "
    select c.token_hash, c.channel, c.ended_at, c.session, c.version, c.last_message, l.reply as last_reply, r.input_hash, r.reply
    from (select $1 as conversation, $2 as message_id) asked
    left join conversations c on c.id = asked.conversation
    left join replies l on l.conversation = c.id and l.message_id = c.last_message
    left join replies r on r.conversation = asked.conversation and r.message_id = asked.message_id";

pub(super) const CONVERSATION: &str = "select token_hash, channel, ended_at from conversations where id = $1";

/// One that is over begins anew; one under way is left as it is.
pub(super) const OPEN_CONVERSATION: &str = "
    insert into conversations (id, token_hash, channel, session, version, created_at, updated_at, ended_at)
    values ($1, $2, $3, null, 0, $4, $4, null)
    on conflict (id) do update
    set token_hash = excluded.token_hash, channel = excluded.channel, session = null, version = 0,
        created_at = excluded.created_at, updated_at = excluded.updated_at, ended_at = null, seen_at = null
    where conversations.ended_at is not null";

/// The version moves on, so that a turn under way cannot bring the session back.
pub(super) const END_CONVERSATION: &str = "
    update conversations set session = null, version = version + 1, updated_at = $2, ended_at = $2
    where id = $1 and ended_at is null";

pub(super) const WIPE_REPLIES: &str = "delete from replies where conversation = $1";

pub(super) const WIPE_CHALLENGES: &str = "delete from challenges where conversation = $1";

pub(super) const SAVE_SESSION: &str = "
    update conversations set session = $2, version = version + 1, updated_at = $3, last_message = $5
    where id = $1 and version = $4 and ended_at is null";

pub(super) const SEE: &str = "update conversations set seen_at = $2 where id = $1 and ended_at is null";

pub(super) const SILENT: &str = "
    select id from conversations
    where seen_at <= $2 and updated_at <= $2 and channel = $1 and ended_at is null
    order by seen_at limit 1000";

pub(super) const RENEW_TOKEN: &str = "update conversations set token_hash = $2 where id = $1 and ended_at is null";

/// The first save of a conversation that no channel opened.
pub(super) const FIRST_SESSION: &str = "
    insert into conversations (id, token_hash, channel, session, version, created_at, updated_at, ended_at, last_message)
    values ($1, null, $4, $2, 1, $3, $3, null, $5)
    on conflict (id) do nothing";

pub(super) const KEEP_REPLY: &str = "
    insert into replies (conversation, message_id, input_hash, reply, at) values ($1, $2, $3, $4, $5)
    on conflict (conversation, message_id) do nothing";

pub(super) const CHALLENGE: &str = "
    select conversation, person, subject, code_mac, tries, expires_at, closed
    from challenges where id = $1";

pub(super) const OPEN_CHALLENGE: &str = "
    insert into challenges (id, conversation, person, subject, code_mac, tries, expires_at, closed)
    values ($1, $2, $3, $4, $5, 0, $6, $7)";

/// One statement decides which guesses are judged: of many at once, as many as there are tries.
pub(super) const TRY_CHALLENGE: &str = "
    update challenges set tries = tries + 1
    where id = $1 and conversation = $2 and not closed and tries < $3 and expires_at > $4";

pub(super) const CLOSE_CHALLENGE: &str = "
    update challenges set closed = $3, code_mac = ''
    where id = $1 and conversation = $2 and not closed";

pub(super) const WITHDRAW_CHALLENGE: &str = "delete from challenges where id = $1 and conversation = $2";

/// Name, what it begins with, until when, now, what it takes, most. A window that ended begins anew; a full one changes nothing.
pub(super) const TAKE: &str = "
    insert into counters (name, count, until) values ($1, $2, $3)
    on conflict (name) do update
    set count = case when counters.until <= $4 then excluded.count when counters.count + $5 < 0 then 0 else counters.count + $5 end,
        until = case when counters.until <= $4 then excluded.until else counters.until end
    where counters.until <= $4 or counters.count < $6 or $5 < 0";

pub(super) const COUNTED_UNTIL: &str = "select until from counters where name = $1";

pub(super) const COUNT: &str = "select count from counters where name = $1 and until > $2";

pub(super) const CONSENT: &str = "
    insert into consents (person, purpose, notice, at, channel) values ($1, $2, $3, $4, $5)
    on conflict (person, purpose, notice) do nothing";

pub(super) const CONSENTS: &str = "select purpose, notice from consents where person = $1 order by at";

pub(super) const RECEIVE_MATTER: &str = "
    insert into matters (number, conversation, message_id, kind, person, content, received_at, due_on, due_announced)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict do nothing";

pub(super) const START_MATTER: &str = "
    update matters set started_at = $2
    where number = $1 and started_at is null and answered_at is null";

pub(super) const ANSWER_MATTER: &str = "
    update matters set started_at = coalesce(started_at, $2), answered_at = $2, answer = $3
    where number = $1 and answered_at is null";

pub(super) const MATTER: &str = "
    select number, conversation, kind, person, content, received_at, due_on, due_announced, started_at, answered_at, answer
    from matters where number = $1";

pub(super) const MATTER_OF: &str = "select number from matters where conversation = $1 and message_id = $2";

pub(super) const MATTERS: &str = "
    select number, conversation, kind, person, content, received_at, due_on, due_announced, started_at, answered_at, answer
    from matters where person = $1 order by received_at desc, number desc";

pub(super) const OPEN_MATTERS: &str = "
    select number, conversation, kind, person, content, received_at, due_on, due_announced, started_at, answered_at, answer
    from matters where answered_at is null order by due_on is null, due_on, number limit $1";

pub(super) const TAKE_TICKET: &str = "
    insert into tickets (day, office, number, conversation, message_id, at, called_at)
    values ($1, $2, $3, $4, $5, $6, null)
    on conflict do nothing";

pub(super) const CALL_TICKET: &str = "
    update tickets set called_at = $4
    where day = $1 and office = $2 and number = $3 and called_at is null";

pub(super) const LINE: &str = "
    select coalesce(max(number), 0) as last, min(case when called_at is null then number end) as first_waiting
    from tickets where day = $1 and office = $2";

pub(super) const AHEAD: &str = "
    select count(*) from tickets
    where day = $1 and office = $2 and number < $3 and called_at is null";

pub(super) const ISSUE_CERTIFICATE: &str = "
    insert into certificates
        (code_mac, conversation, message_id, number, kind, person, issued_at, expires_on, holder, content, content_hash)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    on conflict do nothing";

pub(super) const REVOKE_CERTIFICATE: &str = "
    update certificates set revoked_at = $1
    where code_mac in ($2, $3) and revoked_at is null";

pub(super) const CERTIFICATES: &str = "
    select code_mac, conversation, message_id, number, kind, person, issued_at, expires_on, revoked_at, content, content_hash
    from certificates where conversation = $1 order by number";

pub(super) const CERTIFICATE: &str = "
    select code_mac, kind, holder, issued_at, expires_on, revoked_at
    from certificates where code_mac in ($1, $2)";
/// Takes numbers for rows and holds the head until the transaction ends. The hash is still that of the row before them.
pub(super) const RESERVE_AUDIT: &str = "update audit_head set seq = seq + $1 where one = 1 returning seq, hash";

pub(super) const SET_AUDIT_HASH: &str = "update audit_head set hash = $1 where one = 1";

pub(super) const AUDIT_HEAD: &str = "
    select seq, hash, base_seq, base_hash, base_mac, coalesce((select max(seq) from audit), 0) as last
    from audit_head where one = 1";

pub(super) const AUDIT_ROWS: &str = "
    select seq, at, actor, conversation, action, person, object, purpose, outcome, prev, hash
    from audit where seq > $1 order by seq limit $2";

/// `person <> ''` lets the index serve, which has no other rows.
pub(super) const AUDIT_OF: &str = "
    select seq, at, actor, conversation, action, person, object, purpose, outcome, prev, hash
    from audit where person = $1 and person <> '' and at >= $2 order by seq desc limit $3";

/// Conversations in which a person was checked, as keyed indices.
pub(super) const AUDIT_CONVERSATIONS: &str = "
    select distinct conversation from audit
    where person = $1 and person <> '' and action in ('identity.check', 'identity.assumed') and outcome = 'allowed'";

pub(super) const CONVERSATION_IDS: &str = "select id from conversations where id > $1 order by id limit $2";

// What is removed, some rows at a time.

pub(super) const FORGET_CODES: &str = "
    delete from challenges where id in (select id from challenges where expires_at <= $1 limit $2)";

pub(super) const FORGET_CODES_OF: &str = "delete from challenges where person = $1";

/// Conversations that nobody ended, as [`END_CONVERSATION`] ends one.
pub(super) const END_IDLE: &str = "
    update conversations set session = null, version = version + 1, updated_at = $1, ended_at = $1
    where id in (select id from conversations where ended_at is null and updated_at < $2 limit $3)";

pub(super) const FORGET_ENDED_REPLIES: &str = "
    delete from replies where conversation in (select id from conversations where ended_at = $1)";

pub(super) const FORGET_REPLIES: &str = "
    delete from replies where (conversation, message_id) in
        (select conversation, message_id from replies where at < $1 limit $2)";

pub(super) const FORGET_CONVERSATIONS: &str = "
    delete from conversations where id in (select id from conversations where ended_at < $1 limit $2)";

pub(super) const FORGET_CONVERSATION: &str = "delete from conversations where id = $1";

pub(super) const FORGET_TICKETS: &str = "delete from tickets where day < $1";

pub(super) const FORGET_TICKETS_OF: &str = "delete from tickets where conversation = $1";

pub(super) const FORGET_MATTERS: &str = "
    delete from matters where number in (select number from matters where answered_at < $1 limit $2)";

pub(super) const FORGET_MATTERS_OF: &str = "delete from matters where person = $1";

pub(super) const FORGET_COPIES_OF: &str = "delete from copies where person = $1";

pub(super) const FORGET_CERTIFICATES_OF: &str = "delete from certificates where person = $1";

pub(super) const FORGET_CONSENTS_OF: &str = "delete from consents where person = $1";

pub(super) const FORGET_COUNTS: &str = "delete from counters where until <= $1";

pub(super) const FORGET_UNCHAINED: &str = "delete from audit_before_chain where at < $1";

pub(super) const AUDIT_BEGINNING: &str = "select seq, at, hash from audit order by seq limit $1";

pub(super) const SET_AUDIT_BASE: &str = "
    update audit_head set base_seq = $1, base_hash = $2, base_mac = $3
    where one = 1 and base_seq < $1";

pub(super) const FORGET_AUDIT: &str = "delete from audit where seq <= $1";

pub(super) const COPY: &str = "select copied_at, content from copies where person = $1 and register = $2";

pub(super) const KEEP_COPY: &str = "
    insert into copies (person, register, copied_at, content) values ($1, $2, $3, $4)
    on conflict (person, register) do update set copied_at = excluded.copied_at, content = excluded.content";

pub(super) const FORGET_COPIES: &str = "delete from copies where copied_at <= $1";

// The beginnings of inserts of many rows.

pub(super) const PUT_AUDIT: &str =
    "insert into audit (seq, at, actor, conversation, action, person, object, purpose, outcome, prev, hash) ";

/// The rest of the person's rows goes with it.
pub(super) const FORGET_PEOPLE_BY_KEY: &str = "delete from people where key in (";

pub(super) const FORGET_PEOPLE_BY_INDEX: &str = "delete from people where id_index in (";

pub(super) const PUT_PEOPLE: &str = "insert into people (key, id_index, name, id_number, phone) ";

pub(super) const PUT_ENROLLMENTS: &str = "insert into enrollments (person, n, insurance, state, since, until, employer, place) ";

pub(super) const PUT_CONTRIBUTIONS: &str = "insert into contributions (person, insurance, month, employer, base, unit, personal, paid_on) ";

pub(super) const PUT_PENSION_ACCOUNT: &str = "insert into pension_account (person, year, paid_in, interest, balance) ";

pub(super) const PUT_MEDICAL_ACCOUNT: &str = "insert into medical_account (person, day, n, what, amount, balance) ";

pub(super) const PUT_MEDICAL_CLAIMS: &str = "insert into medical_claims (person, day, n, what, hospital, total, fund, personal, paid_on) ";

pub(super) const PUT_PAYMENTS: &str = "insert into payments (person, month, n, kind, amount, paid_on, state, card_tail) ";

pub(super) const PUT_CERTIFICATION: &str = "insert into certification (person, done_on, due_on, how) ";

pub(super) const PUT_CARD: &str = "insert into card (person, state, tail, bank, issued_on, bank_active) ";

pub(super) const PUT_CASES: &str = "insert into cases (person, number, matter, state, accepted_on, due_on, note, steps) ";

// How the store stands.

/// The last migration, and whether all of them ended well.
pub(super) const MIGRATION: &str =
    "select coalesce(max(version), 0), coalesce(min(case when success then 1 else 0 end), 1) = 1 from _sqlx_migrations";

pub(super) const LAST_AUDIT_AT: &str = "select at from audit order by seq desc limit 1";

// What an import changes.

pub(super) const KNOWN_PEOPLE: &str = "select key, id_index, name, phone from people where id_index in (";

pub(super) const CHANGE_PERSON: &str = "update people set name = $2, phone = $3 where key = $1";

pub(super) const CASE_OWNERS: &str = "select number, person from cases where number in (";

/// Ends an insert: rows that are as they were are left alone.
pub(super) const OR_CHANGE_CONTRIBUTIONS: &str = "
    on conflict (person, insurance, month, employer) do update
    set base = excluded.base, unit = excluded.unit, personal = excluded.personal, paid_on = excluded.paid_on
    where contributions.base <> excluded.base or contributions.unit <> excluded.unit
        or contributions.personal <> excluded.personal or contributions.paid_on is distinct from excluded.paid_on";

/// Payments of a month that were put on file with everything else of a person.
pub(super) const FORGET_PAYMENTS_OF_MONTHS: &str = "delete from payments where n < 1000 and (person, month, kind) in (";

pub(super) const OR_CHANGE_PAYMENTS: &str = "
    on conflict (person, month, n) do update
    set amount = excluded.amount, paid_on = excluded.paid_on, state = excluded.state, card_tail = excluded.card_tail
    where payments.amount <> excluded.amount or payments.paid_on is distinct from excluded.paid_on
        or payments.state <> excluded.state or payments.card_tail <> excluded.card_tail";

pub(super) const OR_CHANGE_CASES: &str = "
    on conflict (person, number) do update
    set matter = excluded.matter, state = excluded.state, accepted_on = excluded.accepted_on, due_on = excluded.due_on,
        note = excluded.note, steps = excluded.steps
    where cases.matter <> excluded.matter or cases.state <> excluded.state or cases.accepted_on <> excluded.accepted_on
        or cases.due_on is distinct from excluded.due_on or cases.note is distinct from excluded.note
        or cases.steps <> excluded.steps";

/// A number goes with its index: the two keys change together. The other sealed columns are in `reseal`.
pub(super) const PUT_ID_NUMBER: &str = "update people set id_number = $1, id_index = $4 where id_number = $2 and key = $3";

pub(super) const COUNT_LINKS: &str = "select substr(hash, 1, 8), count(*) from audit group by 1";
