// Encodes the clips of the rig (profiles of cameras with quirks) from a clip of the simulated cameras: node rig.mjs
import fs from 'node:fs';
import path from 'node:path';
import { ffmpeg } from './encode.mjs';

const CLIPS = path.resolve(import.meta.dirname, '../clips'),
  RIG = path.resolve(import.meta.dirname, '../rig'),
  FROM = path.join(CLIPS, 'dinh-lang-phan-huy.sub.h264');

const MOST_BYTES = 700_000;

/** A key picture every second, where nothing else is said: in 10 KB, so that some packets are large. */
const ENCODINGS = [
  { name: 'plain', size: '320x180', pictures: 100, rate: 260 },
  { name: 'small', size: '160x90', pictures: 100, rate: 80 },
  { name: 'slices', size: '320x180', pictures: 100, rate: 200, x264: 'slices=4:keyint=100:min-keyint=100' },
  // Pictures are shown as I B B P B B P; the rig counts on it for its timestamps.
  { name: 'bframes', size: '320x180', pictures: 100, rate: 160, x264: 'bframes=2:b-adapt=0:b-pyramid=0' },
  // One key picture in ten seconds, as smart codecs have it where nothing moves.
  { name: 'long', size: '320x180', pictures: 250, rate: 60, x264: 'keyint=250:min-keyint=250' },
];

/** H.265 of the same pictures, and JPEG with the Huffman tables that RTP takes for granted and sides of whole blocks. */
const OTHERS = [
  {
    file: 'hevc.h265',
    pictures: 100,
    how: '-vf scale=320:180:flags=area -c:v libx265 -preset medium -threads 1 -b:v 160k -pix_fmt yuv420p -bsf:v filter_units=remove_types=35|39|40 -f hevc',
    x265: 'log-level=none:pools=1:frame-threads=1:keyint=25:min-keyint=25:scenecut=0:open-gop=0:bframes=0:repeat-headers=1:info=0:ref=1',
  },
  { file: 'photos.mjpeg', pictures: 25, how: '-vf scale=320:176:flags=area -c:v mjpeg -huffman default -q:v 9 -pix_fmt yuvj420p -threads 1 -f mjpeg' },
];

fs.mkdirSync(RIG, { recursive: true });
let bytes = 0;
for (const { name, size, pictures, rate, x264 = '' } of ENCODINGS) {
  const params = `keyint=25:min-keyint=25:scenecut=0:open-gop=0:bframes=0:slices=1:sliced-threads=0:aud=0:repeat-headers=1:ref=1:${x264}`;
  const how = `-c:v libx264 -profile:v main -level 3.0 -preset slower -tune animation -threads 1 -b:v ${rate}k -maxrate ${rate * 2}k -bufsize ${rate}k`;
  const file = path.join(RIG, `${name}.h264`);
  const scaled = `scale=${size.replace('x', ':')}:flags=area`;
  await ffmpeg([
    ...['-i', FROM, '-frames:v', String(pictures), '-vf', scaled, ...how.split(' '), '-pix_fmt', 'yuv420p'],
    ...['-x264-params', params.replace(/:$/, ''), '-bsf:v', 'filter_units=remove_types=6', '-f', 'h264', file],
  ]).done;
  bytes += fs.statSync(file).size;
}
for (const { file, pictures, how, x265 } of OTHERS) {
  const to = path.join(RIG, file);
  await ffmpeg(['-i', FROM, '-frames:v', String(pictures), ...(x265 ? ['-x265-params', x265] : []), ...how.split(' '), to]).done;
  bytes += fs.statSync(to).size;
}
console.log(`${ENCODINGS.length + OTHERS.length} files of the rig, ${bytes} bytes`);
if (bytes > MOST_BYTES) throw new Error(`the rig's clips take ${bytes} bytes, more than ${MOST_BYTES}`);
