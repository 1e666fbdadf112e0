// Draws the simulated cameras and encodes them: node make.mjs [--only <id>] [--still <picture,...> <file.png>]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkClip } from './check.mjs';
import { FPS, PICTURES } from './code.mjs';
import { encode, recorder, savePng } from './encode.mjs';
import { openStudio } from './studio.mjs';
import { SCENES } from './scenes.mjs';

const MOST_BYTES = 24_000_000;
const CLIPS = path.resolve(import.meta.dirname, '../clips');

function options(argv) {
  const found = { only: null, still: null };
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '--only') found.only = argv[++i];
    else if (argv[i] === '--still') found.still = { pictures: argv[++i].split(',').map(Number), file: argv[++i] };
    else throw new Error(`unknown option ${argv[i]}; there are --only <id> and --still <picture,...> <file.png>`);
  }
  if (found.only && !SCENES.some((s) => s.id === found.only))
    throw new Error(`no scene ${found.only}; there are ${SCENES.map((s) => s.id).join(', ')}`);
  return found;
}

async function stills(studio, scenes, { pictures, file }) {
  for (const scene of scenes) {
    await studio.load(scene.id);
    const several = scenes.length * pictures.length > 1;
    await studio.draw(pictures, async (rows, picture) => {
      const name = several ? file.replace(/(\.png)?$/, `-${scene.id}-${picture}.png`) : file;
      await savePng(rows, name);
      console.log(name);
    });
  }
}

async function clip(studio, scene, folder) {
  const drawn = path.join(folder, `${scene.id}.mkv`),
    began = Date.now();
  await studio.load(scene.id);
  const record = recorder(drawn);
  await studio.draw(
    Array.from({ length: PICTURES }, (_, i) => i),
    async (rows, i) => {
      await record.write(rows);
      if (i % 50 === 49) console.log(`${scene.id}: ${i + 1}/${PICTURES} pictures, ${((Date.now() - began) / 1000).toFixed(0)} s`);
    },
  );
  await record.close();
  await encode(drawn, scene, CLIPS);
  fs.rmSync(drawn);
}

function list() {
  const entry = ({ id, name, name_en, scene, time, kind, position }) =>
    JSON.stringify({ id, name, name_en, scene, time, pictures: PICTURES, fps: FPS, kind, position });
  fs.writeFileSync(path.join(CLIPS, 'clips.json'), `[\n${SCENES.map((s) => `  ${entry(s)}`).join(',\n')}\n]\n`);
}

async function check(scenes) {
  let bytes = 0;
  for (const scene of scenes)
    for (const stream of ['main', 'sub']) bytes += await checkClip(path.join(CLIPS, `${scene.id}.${stream}.h264`), scene, stream);
  console.log(`${scenes.length * 2} files, ${bytes} bytes`);
  if (bytes > MOST_BYTES) throw new Error(`the clips take ${bytes} bytes, more than ${MOST_BYTES}`);
}

const { only, still } = options(process.argv.slice(2));
const scenes = SCENES.filter((s) => !only || s.id === only);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'scenes-'));
try {
  const studio = await openStudio();
  try {
    if (still) await stills(studio, scenes, still);
    else {
      fs.mkdirSync(CLIPS, { recursive: true });
      for (const scene of scenes) await clip(studio, scene, folder);
    }
  } finally {
    await studio.close();
  }
  if (!still) {
    list();
    await check(scenes);
  }
} finally {
  fs.rmSync(folder, { recursive: true });
}
