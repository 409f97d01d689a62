/**
 * THE list of what a hub keeps in its database: every table with every column, and every sequence. `thicket-relay disclose`
 * names whatever it finds beyond this list, and a test fails: whoever adds a column says here what it tells.
 */
export interface TableEntry {
  readonly title: string;
  readonly is: string;
  readonly isNot: string;
  readonly columns: Readonly<Record<string, string>>;
  /** For everybody at GET /v1/transparency as well. */
  readonly open?: true;
}

const DAY = 'the day it was stored (UTC); no time of day';
const ORDER = 'a running number within the pool';

export const TABLES: Readonly<Record<string, TableEntry>> = {
  hub: {
    title: 'The hub', is: 'One row: the hub has been founded or not.', isNot: 'Who founded it, or when, or what it is called.',
    columns: {
      single: 'always true: there is one row', hub: 'a number made from the hub\'s root key; names nobody',
      founding_token_hash: 'a hash of the founding link\'s secret; worthless once used',
      issuer_seed: 'a secret of the relay, from which it makes blind tokens; it does not tell which pass a token was drawn by',
      heads_filed: 'whether the file `heads` has ever been written',
      gateway_secret: 'a secret of the relay, which opens requests that neighbour hubs forward; whoever recorded those on their way could open them with it. They carry no address and no pass',
      keys_marked: 'whether the folder of keys has ever been marked as this database\'s',
    },
  },
  shards: {
    title: 'Parts of the log', open: true,
    is: 'How many parts (shards) the log has. The newest number of each, less the number it begins at, says how many records it has ever taken.',
    isNot: 'When they came, or what was in them.',
    columns: { shard: 'the number of the part', head: 'the number of its newest record, also of those long deleted',
      generation: 'how often the number of parts had been changed when it was made', base: 'the number it begins at', closed: 'whether it takes new records' },
  },
  mailboxes: {
    title: 'Mailboxes', open: true,
    is: 'About one for each room there ever was. The slot says how often a room has changed its keys, for instance because somebody came or went.',
    isNot: 'Which room it is, what it is called, who is in it or how many.',
    columns: {
      mailbox: 'a random address', slot: 'how often its keys have changed',
      verify_key: 'the public half of a key that all members of the room share at the moment; it tells none of them apart',
    },
  },
  records: {
    title: 'Records', open: true,
    is: 'Sealed bodies in the log. Posts are messages, commits change a room\'s keys, drops carry a newcomer\'s sealed welcome, notices are the hub\'s sealed rules. '
      + 'Sizes are padded to a few steps. How many of them lie in which mailbox can be counted.',
    isNot: 'What they say, who posted them, or who reads them: every device reads all of them.',
    columns: {
      shard: 'the part of the log', seq: 'its number there, which tells the order', mailbox: 'the random address it was posted to',
      kind: 'post, commit, drop or notice', slot: 'the mailbox\'s slot at that moment', body_hash: 'a hash of the sealed body',
      size: 'how many bytes the sealed body has, one of a few steps', day: DAY,
    },
  },
  bodies: {
    title: 'Bodies of records',
    is: 'The sealed bodies themselves, by the day they end with. They are sealed twice: the outer layer under a key of the relay\'s that is destroyed on that day.',
    isNot: 'What they say: with the relay\'s keys one gets to the inner layer, to which only devices have keys. After its day not even that.',
    columns: { expires: 'the day on which it must be unreadable (UTC)', shard: 'the part of the log', seq: 'its number there', body: 'the body, sealed twice' },
  },
  unsealed_bodies: {
    title: 'Bodies from before there were day keys', is: 'Only while a hub changes over from an older version: sealed bodies that wait for their second layer.',
    isNot: 'What they say: only devices have keys to them.',
    columns: {
      shard: 'the part of the log', seq: 'its number there', kind: 'post, commit, drop or notice', day: DAY, mailbox: 'the random address it was posted to',
      body_hash: 'a hash of the sealed body', body: 'the sealed body; the relay has no key to it',
    },
  },
  day_keys: {
    title: 'Notes of day keys', is: 'Which keys of days there are, by a check that tells one key from another. The keys are in a folder beside the database.',
    isNot: 'The keys: they cannot be got from the check.',
    columns: { expires: 'the day on which the key is destroyed (UTC)', check_value: 'a one-way check of the key' },
  },
  passes: {
    title: 'Passes', open: true,
    is: 'About one for each device that reads the log. A pass is a random number and the hash of a secret.',
    isNot: 'Whose it is, when it was made or last used, what it posted, or which rooms its device is in.',
    columns: { pass: 'a random number', secret_hash: 'a hash of its secret; the secret cannot be got from it' },
  },
  draws: {
    title: 'What passes drew this week', open: true,
    is: 'How many blind tokens each pass has drawn, by the week: postage to post with, tickets to invite with. That a certain pass drew so many this week can be handed over, and which passes were made this week: they may draw no tickets.',
    isNot: 'What was posted with them, or whether anything was: a token is blinded when it is drawn, and nobody can tell later which pass drew it.',
    columns: {
      week: 'the week (from Monday, UTC)', pass: 'the pass that drew', kind: 'postage or tickets', drawn: 'how many it has drawn in that week; for the tickets of a new pass a fixed number, which says that it may draw none yet',
      last_request_hash: 'a hash of its last request, whose content is random to everybody else',
    },
  },
  spent_tokens: {
    title: 'Postage spent', open: true, is: 'Tokens that were used in the weeks still open, kept so that none is used twice.', isNot: 'Which pass drew a token, or what was posted with it.',
    columns: { week: 'the week it was drawn for', nonce: 'a random number chosen by a device and unknown to the relay when the token was drawn' },
  },
  spent_tickets: {
    title: 'Tickets spent', open: true, is: 'Invitations\' tickets that made a pass in the weeks still open, kept so that none is used twice.', isNot: 'Who drew a ticket, or which pass it made.',
    columns: { week: 'the week it was drawn for', nonce: 'a random number chosen by a device and unknown to the relay when the ticket was drawn' },
  },
  new_passes: {
    title: 'Weeks in which passes were made', open: true, is: 'How many passes were made in each week.', isNot: 'Which passes, or for whom.',
    columns: { week: 'the week (from Monday, UTC)', made: 'how many were made in it' },
  },
  pools: {
    title: 'Pools of key packages', open: true, is: 'About one for each device: where it leaves sealed keys with which others add it to a room.',
    isNot: 'Whose it is, or which pass its device has.',
    columns: {
      pool: 'a random address', owner_hash: 'a hash of the secret of whoever fills it',
      last_resort: 'a sealed key package; the relay has no key to it', day: 'the day it was last filled (UTC)',
    },
  },
  key_packages: {
    title: 'Key packages waiting', open: true, is: 'Sealed keys in those pools. Each goes away when it is fetched.', isNot: 'Whose they are, or who fetches one.',
    columns: { pool: 'the pool it lies in', number: ORDER, package: 'sealed; the relay has no key to it', day: DAY },
  },
  rendezvous: {
    title: 'Meeting places of invitations', open: true,
    is: 'Invitations of the last three days: whether somebody came, whether they were answered, and how often somebody else tried.',
    isNot: 'Who invited, who was invited, or what they wrote: both messages are sealed.',
    columns: {
      rendezvous: 'a random-looking address made from the invitation\'s secret', owner_hash: 'a hash of the inviter\'s one-time secret',
      claim_hash: 'a hash of the newcomer\'s one-time secret', claim: 'sealed twice, like bodies', answer: 'sealed twice, like bodies', refused_claims: 'how often somebody else tried the same link', day: DAY,
    },
  },
  blobs: {
    title: 'Files', open: true, is: 'Sealed files that people sent, by day and padded size.', isNot: 'What is in them, what they are called, who sent them, or who fetched them.',
    columns: {
      blob_hash: 'a hash of the file\'s random address; the address cannot be got from it', owner_hash: 'a hash of the one-time secret of whoever sent it',
      size: 'its padded size in bytes', received: 'how many pieces have arrived', day: DAY,
    },
  },
  blob_chunks: {
    title: 'Pieces of files', is: 'Where on the disk, or in the storage, each piece of those files lies.', isNot: 'What is in it.',
    columns: {
      blob_hash: 'the file it belongs to', index: 'which piece it is', container: 'a random number: the pack in the folder of files, or the object in the storage', position: 'where in it the piece begins',
      length: 'its length in bytes',
    },
  },
  transparency: {
    title: 'The public report', is: 'Today\'s copy of what GET /v1/transparency tells everybody.', isNot: 'Anything that is not told to everybody.',
    columns: { single: 'always true: there is one row', day: 'the day it was made (UTC)', report: 'the report itself: counts and fixed sentences' },
  },
  migrations: {
    title: 'Changes of the tables', is: 'Which versions of the database\'s layout have been applied.', isNot: 'When: the number is part of the version\'s name.',
    columns: { id: 'a running number', timestamp: 'part of the version\'s name', name: 'the version\'s name' },
  },
};

/** Counters that PostgreSQL keeps for numbered columns, with what the number in each tells. */
export const SEQUENCES: Readonly<Record<string, string>> = {
  key_packages_number_seq: 'how many key packages were ever left in all pools together',
  migrations_id_seq: 'how many versions of the layout were applied',
};
