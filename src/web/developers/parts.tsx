import type { Child } from 'hono/jsx';

/** A table that scrolls by itself where the window is narrow. */
export function Table({ caption, heads, children }: { caption: string; heads: string[]; children: Child }) {
  return (
    // Whoever has no mouse scrolls it by the keyboard.
    <section class="wide" tabindex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

/** A row: its head in code, one line each, and its texts. */
export function Row({ head, cells }: { head: string[]; cells: string[] }) {
  return (
    <tr>
      <th scope="row">
        {head.map((text) => (
          <div>
            <code>{text}</code>
          </div>
        ))}
      </th>
      {cells.map((text) => (
        <td>
          <Words text={text} />
        </td>
      ))}
    </tr>
  );
}

/** A block of code, as it is to be copied. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <section aria-label={label}>
      <pre tabindex={0}>
        <code>{text.trimEnd()}</code>
      </pre>
    </section>
  );
}

/** A sentence, in which what stands between backticks is code. */
export function Words({ text }: { text: string }) {
  return <>{text.split('`').map((part, place) => (place % 2 === 0 ? part : <code>{part}</code>))}</>;
}
