import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type FileFault, type PortalEntry, readPortalFile } from './portal-file.ts';

export type NamedPortal = { file: string; portal: PortalEntry };
export type ReadPortals = { portals: NamedPortal[]; faults: FileFault[] };

/** Reads files of portals, and those in folders (`*.yaml`, `*.yml`), by name: what is sound in them and every fault. */
export function readPortalFiles(paths: readonly string[]): ReadPortals {
  const faults: FileFault[] = [];
  const files = paths.flatMap((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    const found = stat?.isDirectory() ? yamlIn(path) : [path];
    if (stat && found.length > 0) return found;
    const message = stat ? 'This folder holds no .yaml file.' : 'There is no such file or folder.';
    faults.push({ file: path, line: null, path: '', message });
    return [];
  });
  const texts = files.flatMap((file) => {
    const yaml = readText(file);
    if (yaml !== null) return [{ file, yaml }];
    faults.push({ file, line: null, path: '', message: 'This cannot be read as a file.' });
    return [];
  });
  const read = readPortals(texts);
  return { portals: read.portals, faults: [...faults, ...read.faults] };
}

/** Reads the texts of files of portals. A code that two of them have is a fault of the later one. */
export function readPortals(files: readonly { file: string; yaml: string }[]): ReadPortals {
  const read = files.map(({ file, yaml }) => ({ file, ...readPortalFile(file, yaml) }));
  const faults = read.flatMap((one) => ('faults' in one ? one.faults : []));
  const portals = read.flatMap((one) => ('portal' in one ? [{ file: one.file, portal: one.portal }] : []));
  const first = new Map<string, string>();
  for (const { file, portal } of portals) {
    const other = first.get(portal.code) ?? file;
    if (other !== file) faults.push({ file, line: null, path: 'code', message: `${other} has this code too.` });
    first.set(portal.code, other);
  }
  return { portals, faults };
}

/** A fault in a line: `ke.yaml:12: helpLines.0.website: Give an https address.` */
export function lineOfFault({ file, line, path, message }: FileFault): string {
  return [line === null ? file : `${file}:${line}`, path, message].filter(Boolean).join(': ');
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function yamlIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return names.sort().map((name) => join(folder, name));
}
