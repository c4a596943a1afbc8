// Leaves only the rows that hold a text. Without it the page is whole, and the field that it needs is not shown.
addEventListener('DOMContentLoaded', () => {
  const field = document.querySelector('.find');
  const input = field.querySelector('input');
  const folded = (text) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  const textOf = (row) => folded([...row.children].map((part) => part.textContent).join(' '));
  const show = () => {
    const rows = [...field.closest('section').querySelectorAll('tbody tr, article')];
    const wanted = folded(input.value);
    rows.forEach((row) => {
      row.hidden = !textOf(row).includes(wanted);
    });
    const left = rows.filter((row) => !row.hidden).length;
    field.querySelector('output').value = wanted ? `${left} of ${rows.length} have it` : '';
  };
  input.addEventListener('input', show);
  // A link to a row that is not shown leads there.
  addEventListener('hashchange', () => {
    input.value = '';
    show();
    document.querySelector(':target')?.scrollIntoView();
  });
});
