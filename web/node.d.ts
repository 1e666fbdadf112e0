/** What the build uses of Node. */
declare module 'node:zlib' {
  export function gzipSync(data: string, options: { level: number }): { byteLength: number }
}
