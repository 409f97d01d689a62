import type { Plugin } from 'vite';

/** The policy has no place for inline code, so a build that contains any stops here and not in somebody's browser. */
export const nothingInline = (): Plugin => ({
  name: 'nothing-inline',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => {
      if (/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/.test(html)) throw new Error('index.html contains inline code or style');
    },
  },
});
