import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tickets are blind tokens now: nothing of them is kept until they are spent. Those that were not used yet are void. */
export class BlindTickets1763942400001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tickets');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE tickets (ticket_hash bytea PRIMARY KEY CHECK (octet_length(ticket_hash) = 32), day integer NOT NULL)');
  }
}
