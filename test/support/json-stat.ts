import { z } from 'zod';

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const dimension = z.strictObject({
  label: z.string(),
  category: z.strictObject({
    index: z.array(z.string()).min(1),
    label: z.record(z.string(), z.string()).optional(),
    unit: z.record(z.string(), z.strictObject({ label: z.string(), decimals: z.int() })).optional(),
  }),
});

const dataset = z
  .strictObject({
    version: z.literal('2.0'),
    class: z.literal('dataset'),
    label: z.string(),
    updated: day,
    id: z.array(z.string()).min(1),
    size: z.array(z.int().positive()),
    role: z.strictObject({ geo: z.array(z.string()), time: z.array(z.string()), metric: z.array(z.string()) }),
    dimension: z.record(z.string(), dimension),
    value: z.array(z.number().nullable()),
    status: z.record(z.string().regex(/^\d+$/), z.string()),
    extension: z.looseObject({}),
  })
  .superRefine(({ id, size, role, dimension: dimensions, value, status }, context) => {
    const fault = (message: string) => context.addIssue({ code: 'custom', message });
    if (new Set(id).size !== id.length) fault('a dimension is named twice');
    if (Object.keys(dimensions).sort().join() !== [...id].sort().join()) fault('id and dimension name different ones');
    if (size.join() !== id.map((name) => dimensions[name]?.category.index.length).join())
      fault('size is another than that of the dimensions');
    if (value.length !== size.reduce((product, length) => product * length, 1))
      fault('there are more or fewer values than cells');
    if (Object.keys(status).some((cell) => Number(cell) >= value.length)) fault('a status is of no cell');
    for (const name of Object.values(role).flat()) if (!id.includes(name)) fault('a role is of no dimension');
    for (const { category } of Object.values(dimensions)) {
      if (new Set(category.index).size !== category.index.length) fault('a category is named twice');
      for (const key of Object.keys({ ...category.label, ...category.unit }))
        if (!category.index.includes(key)) fault('a label or unit is of no category');
    }
  });

/** What JSON-stat 2.0 (https://json-stat.org/full/) asks of a collection of datasets, as far as we use it. */
export const jsonStat = z.strictObject({
  version: z.literal('2.0'),
  class: z.literal('collection'),
  label: z.string(),
  updated: day,
  extension: z.strictObject({
    definitions: z.array(z.strictObject({ term: z.string(), version: z.int(), text: z.string() })),
  }),
  link: z.strictObject({ item: z.array(dataset) }),
});
type Collection = z.infer<typeof jsonStat>;

/** The value and status of one cell of a collection, by table, time and key. */
export function cellOf({ link }: Collection, table: string, time: string, key: string) {
  const found = link.item.find(({ id }) => id.includes(table));
  const [times, keys] = ['time', table].map((name) => found?.dimension[name]?.category.index ?? []);
  const index = (times ?? []).indexOf(time) * (keys?.length ?? 0) + (keys ?? []).indexOf(key);
  return { value: found?.value[index], status: found?.status[String(index)] ?? null };
}
