// The picture code: 16 cells in the bottom left corner, 16 pixels wide and high (8 in the sub stream). From the left:
// white, black, 4 bits scene, 9 bits picture (most significant first), one bit that makes the ones of cells 2..15 even.
/** Every clip is one loop of so many pictures, at so many a second. */
export const PICTURES = 300,
  FPS = 25;
const CELLS = 16;

export function codeOf(scene, picture) {
  const bits = (value, count) => Array.from({ length: count }, (_, i) => (value >> (count - 1 - i)) & 1);
  const data = [...bits(scene, 4), ...bits(picture, 9)];
  return [1, 0, ...data, data.reduce((a, b) => a ^ b)];
}

/** Reads the code from a grey picture; returns {scene, picture}, or null where the code is broken. */
export function readCode(grey, width, height, cell) {
  const level = (i) => grey[(height - cell / 2) * width + i * cell + cell / 2];
  const middle = (level(0) + level(1)) / 2;
  if (level(0) - level(1) < 80) return null;
  const bits = Array.from({ length: CELLS }, (_, i) => (level(i) > middle ? 1 : 0));
  if (bits.slice(2).reduce((a, b) => a ^ b) !== 0) return null;
  const number = (from, to) => bits.slice(from, to).reduce((a, b) => a * 2 + b, 0);
  return { scene: number(2, 6), picture: number(6, 15) };
}
