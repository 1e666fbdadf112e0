/** The vignette of the lens and the text a camera burns in: its name at the left, whose it is at the right. */
export function paintOverlay(scene, width, height) {
  const canvas = new OffscreenCanvas(width, height),
    g = canvas.getContext('2d');
  const edge = g.createRadialGradient(width / 2, height / 2, height * 0.5, width / 2, height / 2, height * 1.05);
  edge.addColorStop(0, 'rgba(0,0,0,0)');
  edge.addColorStop(1, 'rgba(0,0,0,.34)');
  g.fillStyle = edge;
  g.fillRect(0, 0, width, height);
  g.font = 'bold 24px "DejaVu Sans Mono", "Liberation Mono", monospace';
  g.lineJoin = 'round';
  g.lineWidth = 5;
  g.textBaseline = 'top';
  const text = (line, x, align) => {
    g.textAlign = align;
    g.strokeStyle = 'rgba(0,0,0,.85)';
    g.strokeText(line, x, 22);
    g.fillStyle = '#fff';
    g.fillText(line, x, 22);
  };
  text(scene.osd, 24, 'left');
  text('PHUONG HOA BAN', width - 24, 'right');
  return canvas;
}
