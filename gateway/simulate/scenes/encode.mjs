import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const SIZE = '1280x720',
  RAW = ['-f', 'rawvideo', '-pixel_format', 'rgba', '-video_size', SIZE, '-framerate', '25', '-i', '-'];
// Rows arrive bottom first. The streams say that they are BT.709, limited range, and are.
const TO_709 = 'vflip,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p';

/** Kilobits a second: what the encoder aims at. */
const RATES = { busy: { main: 1870, sub: 264 }, quiet: { main: 1180, sub: 264 } };

/** What every phone decodes in hardware; more reference pictures than three would ask for a higher level. */
const LEVELS = { main: '3.1', sub: '3.0' };

export function ffmpeg(args, stdio = ['ignore', 'pipe', 'inherit']) {
  const child = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...args], { stdio });
  const done = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code ? reject(new Error(`ffmpeg ended with ${code}: ${args.join(' ')}`)) : resolve()));
  });
  return { child, done };
}

/** Takes pictures into a lossless file, to be encoded more than once. */
export function recorder(file) {
  const { child, done } = ffmpeg(
    [...RAW, '-vf', TO_709, '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0', '-colorspace', 'bt709', '-color_range', 'tv', file],
    ['pipe', 'inherit', 'inherit'],
  );
  return {
    async write(picture) {
      if (!child.stdin.write(picture)) await once(child.stdin, 'drain');
    },
    async close() {
      child.stdin.end();
      await done;
    },
  };
}

export async function savePng(picture, file) {
  const { child, done } = ffmpeg([...RAW, '-vf', 'vflip', '-frames:v', '1', '-update', '1', file], ['pipe', 'inherit', 'inherit']);
  child.stdin.end(picture);
  await done;
}

/** Two passes for each stream, so that the bits go where the movement is and the size comes out as asked. */
export async function encode(drawn, scene, folder) {
  for (const stream of ['main', 'sub']) {
    const rate = RATES[scene.quiet ? 'quiet' : 'busy'][stream],
      log = path.join(path.dirname(drawn), `${scene.id}.${stream}`);
    const filter = stream === 'sub' ? ['-vf', 'scale=640:360:flags=area'] : [];
    const x264 =
      'keyint=100:min-keyint=100:scenecut=0:open-gop=0:bframes=0:slices=1:sliced-threads=0:aud=0:repeat-headers=1:ref=3:rc-lookahead=50';
    // The number of threads is fixed because what x264 writes depends on it.
    const how = `-c:v libx264 -profile:v main -level ${LEVELS[stream]} -preset slower -tune animation -threads 2 -b:v ${rate}k -maxrate ${Math.round(rate * 1.4)}k -bufsize ${rate * 2}k`;
    const colors = '-pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv';
    const common = ['-i', drawn, ...filter, ...how.split(' '), ...colors.split(' '), '-x264-params', x264, '-passlogfile', log];
    await ffmpeg([...common, '-pass', '1', '-f', 'null', '-']).done;
    // Cameras send no supplemental information about their encoder, so that (type 6) goes.
    const bare = ['-bsf:v', 'filter_units=remove_types=6', '-f', 'h264'];
    await ffmpeg([...common, '-pass', '2', ...bare, path.join(folder, `${scene.id}.${stream}.h264`)]).done;
  }
}
