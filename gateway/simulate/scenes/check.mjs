import fs from 'node:fs';
import { FPS, PICTURES, readCode } from './code.mjs';
import { ffmpeg } from './encode.mjs';

const GOP = 100;
const STREAMS = { main: { width: 1280, height: 720, cell: 16 }, sub: { width: 640, height: 360, cell: 8 } };
// H.264 7.4.2.1.1: profile_idc of Main, and level_idc, ten times the level.
const MAIN = 77,
  MOST_LEVEL = 31;
const NAL = { slice: 1, idr: 5, sps: 7, pps: 8 };

/** Fails unless the clip is what the simulated camera plays: structure, codes in every picture. Returns its bytes. */
export async function checkClip(file, { id, scene }, stream) {
  const { width, height, cell } = STREAMS[stream],
    data = fs.readFileSync(file);
  const fail = (what) => {
    throw new Error(`${id}.${stream}: ${what}`);
  };
  structure(data, fail);
  const grey = await decode(file),
    size = width * height;
  if (grey.length !== size * PICTURES) fail(`${grey.length / size} pictures of ${width}x${height} decoded`);
  for (let i = 0; i < PICTURES; i++) {
    const code = readCode(grey.subarray(i * size, (i + 1) * size), width, height, cell);
    if (code?.scene !== scene || code.picture !== i) fail(`the code of picture ${i} reads ${JSON.stringify(code)}`);
  }
  console.log(
    `${id}.${stream}: ${data.length} bytes, ${((data.length * 8 * FPS) / PICTURES / 1000).toFixed(0)} kbit/s, ${PICTURES} codes right`,
  );
  return data.length;
}

function structure(data, fail) {
  const types = nalTypes(data),
    pictures = types.filter(({ type }) => type === NAL.slice || type === NAL.idr);
  if (pictures.length !== PICTURES) fail(`${pictures.length} slices instead of one for each of ${PICTURES} pictures`);
  pictures.forEach(({ type, slice }, i) => {
    if ((type === NAL.idr) !== (i % GOP === 0)) fail(`picture ${i} is ${type === NAL.idr ? '' : 'not '}an IDR picture`);
    if (slice === 'B') fail(`picture ${i} has B slices`);
  });
  for (const { type, profile, level } of types)
    if (type === NAL.sps && (profile !== MAIN || level > MOST_LEVEL)) fail(`profile ${profile}, level ${level / 10}`);
  const order = types.map(({ type }) => type);
  order.forEach((type, i) => {
    if (![NAL.slice, NAL.idr, NAL.sps, NAL.pps].includes(type)) fail(`there is a NAL unit of type ${type}`);
    if (type === NAL.idr && (order[i - 1] !== NAL.pps || order[i - 2] !== NAL.sps)) fail('an IDR picture has no parameter sets before it');
  });
}

/** The NAL units of an Annex B stream, with the kind of each slice (H.264 7.3.3: first_mb_in_slice, slice_type). */
function nalTypes(data) {
  const found = [];
  for (let i = data.indexOf('\0\0\x01', 0, 'latin1'); i >= 0; i = data.indexOf('\0\0\x01', i + 3, 'latin1')) {
    const type = data[i + 3] & 31,
      read = golomb(data, i + 4);
    const slice = type === NAL.slice || type === NAL.idr ? (read(), 'PBI'[read() % 5]) : null;
    found.push({ type, slice, profile: data[i + 4], level: data[i + 6] });
  }
  return found;
}

function golomb(data, start) {
  let at = start * 8;
  const bit = () => (data[at >> 3] >> (7 - (at++ & 7))) & 1;
  return () => {
    let zeros = 0,
      value = 1;
    while (!bit()) zeros++;
    for (let i = 0; i < zeros; i++) value = value * 2 + bit();
    return value - 1;
  };
}

async function decode(file) {
  const { child, done } = ffmpeg(['-i', file, '-f', 'rawvideo', '-pix_fmt', 'gray', '-fps_mode', 'passthrough', '-']),
    parts = [];
  child.stdout.on('data', (part) => parts.push(part));
  await done;
  return Buffer.concat(parts);
}
