/** All ten thousand of attack 25 go to the relay. */
process.env['THICKET_TEST_SENT'] = '10000';
await import('./25-size.test.ts');
