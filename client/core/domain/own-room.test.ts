import { describe, expect, it } from 'vitest';
import { isOwnCompany, refuseOthers } from './own-room.ts';

const [rosa, mallory] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const nobody = new Uint8Array(0);

describe("a room of rosa's own devices", () => {
  it('takes her devices and nobody else', () => {
    expect(refuseOthers({ devicesOf: rosa }, { devicesOf: rosa }, [rosa])).toBeUndefined();
    expect(refuseOthers({ devicesOf: rosa }, { devicesOf: rosa }, [rosa, mallory])).toBe('not-own-device');
  });
  it('never becomes anything else, and no other room becomes one', () => {
    expect(refuseOthers({ devicesOf: rosa }, { devicesOf: nobody }, [])).toBe('bad-settings');
    expect(refuseOthers({ devicesOf: nobody }, { devicesOf: rosa }, [])).toBe('bad-settings');
    expect(refuseOthers({ devicesOf: rosa }, { devicesOf: mallory }, [])).toBe('bad-settings');
  });
  it('leaves every other room alone', () => {
    expect(refuseOthers({ devicesOf: nobody }, { devicesOf: nobody }, [mallory])).toBeUndefined();
  });
  it('is entered only where all who are in it are her', () => {
    expect(isOwnCompany({ devicesOf: rosa }, rosa, [rosa, rosa])).toBe(true);
    expect(isOwnCompany({ devicesOf: rosa }, rosa, [rosa, mallory])).toBe(false);
    expect(isOwnCompany({ devicesOf: mallory }, rosa, [rosa])).toBe(false);
    expect(isOwnCompany({ devicesOf: nobody }, rosa, [rosa])).toBe(false);
  });
});
