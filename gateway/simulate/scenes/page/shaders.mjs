const COMMON = `#version 300 es
precision highp float;
uniform vec3 uEye, uSun, uSunColor, uSky, uGround, uZenith, uHorizon, uFog;
uniform float uFogStart, uFogRange, uNight, uExposure, uSpan;
uniform mat4 uShadowMatrix;
uniform highp sampler2DShadow uShadow;
uniform sampler2D uLamps;

float sunlit(vec3 p, float spread) {
  vec4 q = uShadowMatrix * vec4(p, 1.0);
  vec3 c = q.xyz * 0.5 + 0.5;
  if (any(lessThan(c, vec3(0.0))) || any(greaterThan(c, vec3(1.0)))) return 1.0;
  c.z -= 0.0012;
  float sum = 0.0;
  for (int i = 0; i < TAPS; i++) {
    float a = float(i) * 2.4, r = spread * sqrt(float(i) / float(TAPS));
    sum += texture(uShadow, vec3(c.xy + r * vec2(cos(a), sin(a)), c.z));
  }
  return sum / float(TAPS);
}
vec3 lamps(vec3 p, vec3 n) {
  vec3 l = texture(uLamps, (p.xy + n.xy * 1.2) / uSpan + 0.5).rgb;
  return l * l * 2.6 * (0.45 + 0.55 * max(n.z, 0.0)) * (1.0 - 0.86 * smoothstep(3.0, 9.0, p.z));
}
vec3 skyAt(vec3 d) {
  return d.z < 0.0 ? uGround * 0.5 : mix(uHorizon, uZenith, sqrt(d.z));
}
vec3 tone(vec3 c) {
  c *= uExposure;
  c = (c * (2.51 * c + 0.03)) / (c * (2.43 * c + 0.59) + 0.14);
  c = pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2));
  return clamp(mix(vec3(dot(c, vec3(0.2126, 0.7152, 0.0722))), c, 1.22), 0.0, 1.0);
}
vec3 haze(vec3 c, vec3 p) {
  float f = 1.0 - exp(-max(0.0, distance(p, uEye) - uFogStart) / uFogRange);
  return mix(c, uFog, f);
}
`;

export const solid = {
  vertex: `#version 300 es
precision highp float;
layout(location=0) in vec3 aPosition; layout(location=1) in vec2 aTexture; layout(location=2) in vec3 aNormal;
layout(location=3) in vec4 aPaint; layout(location=4) in vec2 aMaterial;
uniform mat4 uView, uModel;
uniform vec3 uPalette[8];
uniform float uGlow[8];
out vec3 vPosition, vNormal, vColor; out vec2 vTexture, vMaterial;
void main() {
  vec4 p = uModel * vec4(aPosition, 1.0);
  vPosition = p.xyz;
  vNormal = mat3(uModel) * aNormal;
  int slot = int(aMaterial.x);
  vColor = aPaint.rgb * uPalette[slot];
  vMaterial = vec2(aPaint.a + uGlow[slot], aMaterial.y / 255.0);
  vTexture = aTexture;
  gl_Position = uView * p;
}`,
  /** Vehicles and people have no texture; the street does. */
  fragment: (taps, textured) =>
    COMMON.replaceAll('TAPS', String(taps)) +
    (textured ? '#define TEXTURED' : '') +
    `
in vec3 vPosition, vNormal, vColor; in vec2 vTexture, vMaterial;
uniform sampler2D uAlbedo, uEmission;
uniform float uFade;
out vec4 color;
void main() {
#ifdef TEXTURED
  vec4 texel = texture(uAlbedo, vTexture);
  if (texel.a < 0.5) discard;
  vec3 glow = pow(texture(uEmission, vTexture).rgb, vec3(2.2)) * uNight * 1.5;
#else
  vec4 texel = vec4(1.0);
  vec3 glow = vec3(0.0);
#endif
  vec3 albedo = pow(vColor * texel.rgb, vec3(2.2)), n = normalize(vNormal);
  float lit = max(dot(n, uSun), 0.0);
  if (lit > 0.0) lit *= sunlit(vPosition, 0.0012);
  float corner = 0.62 + 0.38 * smoothstep(0.0, 2.2, vPosition.z);
  vec3 c = albedo * (uSunColor * lit + mix(uGround, uSky, n.z * 0.5 + 0.5) * corner + lamps(vPosition, n));
  vec3 look = normalize(vPosition - uEye), bounce = reflect(look, n);
  float fresnel = 0.05 + 0.95 * pow(1.0 - max(dot(-look, n), 0.0), 4.0);
  vec3 mirror = skyAt(bounce) + uSunColor * (lit > 0.0 ? 1.0 : 0.0) * 2.0 * pow(max(dot(bounce, uSun), 0.0), 60.0) + lamps(vPosition, n) * 0.35;
  c += mirror * fresnel * vMaterial.y;
  c += glow + pow(vColor, vec3(2.2)) * vMaterial.x * (0.5 + 2.2 * uNight);
  color = vec4(tone(haze(c, vPosition)), uFade);
}`,
};

export const ground = {
  vertex: solid.vertex,
  fragment:
    COMMON.replaceAll('TAPS', '24') +
    `
in vec3 vPosition, vNormal, vColor; in vec2 vTexture, vMaterial;
uniform sampler2D uPaint, uMirror;
uniform float uWet;
uniform vec2 uSize;
out vec4 color;
float hash(vec2 p) { return fract(sin(dot(p, vec2(127.1, 311.7))) * 43758.5453); }
float noise(vec2 p) {
  vec2 i = floor(p), f = fract(p); f = f * f * (3.0 - 2.0 * f);
  return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y);
}
void main() {
  vec3 paint = texture(uPaint, vPosition.xy / uSpan * vec2(1.0, -1.0) + 0.5).rgb;
  float worn = 0.86 + 0.28 * noise(vPosition.xy * 0.23) * noise(vPosition.xy * 1.7 + 9.0) + 0.06 * noise(vPosition.xy * 9.0);
  vec3 albedo = pow(paint * worn, vec3(2.2)) * (1.0 - 0.4 * uWet), n = vec3(0, 0, 1);
  vec3 c = albedo * (uSunColor * uSun.z * sunlit(vPosition, 0.0016) + uSky + lamps(vPosition, n));
  vec3 look = normalize(vPosition - uEye);
  float fresnel = 0.04 + 0.96 * pow(1.0 - max(-look.z, 0.0), 4.0);
  if (uWet > 0.0) {
    float puddle = mix(0.45, 1.0, smoothstep(0.35, 0.65, noise(vPosition.xy * 0.35) * 0.6 + noise(vPosition.xy * 1.3) * 0.4));
    vec2 at = gl_FragCoord.xy / uSize, jitter = vec2(noise(vPosition.xy * 6.0), noise(vPosition.yx * 6.0)) - 0.5;
    vec3 seen = vec3(0.0);
    for (int i = -6; i <= 6; i++)
      seen += texture(uMirror, at + vec2(jitter.x * 0.012, float(i) * 0.0065 + jitter.y * 0.012)).rgb;
    c += pow(seen / 13.0, vec3(2.2)) * (fresnel * 1.5 + 0.22) * puddle * uWet;
  } else c += skyAt(reflect(look, n)) * fresnel * 0.06;
  color = vec4(tone(haze(c, vPosition)), 1.0);
}`,
};

export const sky = {
  vertex: `#version 300 es
uniform mat4 uCorners;
out vec3 vRay;
void main() {
  vec2 p = vec2[3](vec2(-1, -1), vec2(3, -1), vec2(-1, 3))[gl_VertexID];
  vRay = (uCorners * vec4(p, 1.0, 0.0)).xyz;
  gl_Position = vec4(p, 1.0, 1.0);
}`,
  fragment:
    COMMON.replaceAll('TAPS', '1') +
    `
in vec3 vRay;
out vec4 color;
void main() {
  vec3 d = normalize(vRay);
  vec3 c = mix(uHorizon, uZenith, pow(max(d.z, 0.0), 0.55));
  c += uSunColor * 0.25 * pow(max(dot(d, uSun), 0.0), 24.0);
  color = vec4(tone(mix(c, uFog, exp(-max(d.z, 0.0) * 14.0))), 1.0);
}`,
};

/** Only the depth of the static street: as the sun sees it, and ahead of the costly shading. */
export const caster = {
  vertex: `#version 300 es
precision highp float;
layout(location=0) in vec3 aPosition; layout(location=1) in vec2 aTexture;
uniform mat4 uView, uModel;
out vec2 vTexture;
void main() { vTexture = aTexture; vec4 p = uModel * vec4(aPosition, 1.0); gl_Position = uView * p; }`,
  fragment: `#version 300 es
precision highp float;
in vec2 vTexture;
uniform sampler2D uAlbedo;
void main() { if (texture(uAlbedo, vTexture).a < 0.5) discard; }`,
};

/** A moving model laid flat on the ground along the sun's rays. Where a building already shades, it adds nothing. */
export const shade = {
  vertex: `#version 300 es
precision highp float;
layout(location=0) in vec3 aPosition;
uniform mat4 uView, uModel;
uniform vec3 uSun;
out vec3 vPosition;
void main() {
  vec4 p = uModel * vec4(aPosition, 1.0);
  p.xy -= uSun.xy / uSun.z * p.z; p.z = 0.03;
  vPosition = p.xyz;
  gl_Position = uView * p;
}`,
  fragment:
    COMMON.replaceAll('TAPS', '1') +
    `
in vec3 vPosition;
uniform float uFade;
out vec4 color;
void main() { color = vec4(0.02, 0.03, 0.06, sunlit(vPosition, 0.0) * uFade); }`,
};

/** Soft quads: contact shadows, beams on the road, halos of lamps, streaks on wet asphalt. */
export const sprite = {
  vertex: `#version 300 es
precision highp float;
uniform mat4 uView;
uniform vec3 uCenter, uAcross, uAlong;
out vec2 vAt;
void main() {
  vAt = vec2[4](vec2(-1, -1), vec2(1, -1), vec2(-1, 1), vec2(1, 1))[gl_VertexID];
  gl_Position = uView * vec4(uCenter + uAcross * vAt.x + uAlong * vAt.y, 1.0);
}`,
  fragment: `#version 300 es
precision highp float;
in vec2 vAt;
uniform vec4 uTint;
uniform int uShape;
out vec4 color;
void main() {
  float d = length(vAt), a;
  if (uShape == 0) a = smoothstep(1.0, 0.35, max(abs(vAt.x), abs(vAt.y)) * 0.5 + d * 0.5);
  else if (uShape == 1) { float w = mix(0.3, 1.0, vAt.y * 0.5 + 0.5); a = smoothstep(1.0, 0.0, abs(vAt.x) / w) * smoothstep(-1.0, -0.75, vAt.y) * pow(0.5 - vAt.y * 0.5, 1.3); }
  else if (uShape == 2) a = d < 1.0 ? pow(1.0 - d, 2.6) + 0.8 * smoothstep(0.16, 0.0, d) : 0.0;
  else a = exp(-7.0 * vAt.x * vAt.x) * pow(1.0 - abs(vAt.y), 1.4);
  // A beam multiplies the road, so it must fade to nothing by colour.
  color = uShape == 1 ? vec4(uTint.rgb * a, 1.0) : vec4(uTint.rgb, uTint.a * a);
}`,
};

/** The picture at its final size: vignette, the burnt-in text and the picture code. */
export const overlay = {
  vertex: `#version 300 es
out vec2 vAt;
void main() {
  vec2 p = vec2[3](vec2(-1, -1), vec2(3, -1), vec2(-1, 3))[gl_VertexID];
  vAt = p * vec2(0.5, -0.5) + 0.5;
  gl_Position = vec4(p, 0.0, 1.0);
}`,
  fragment: `#version 300 es
precision highp float;
in vec2 vAt;
uniform sampler2D uImage;
out vec4 color;
void main() { color = texture(uImage, vAt); }`,
};
