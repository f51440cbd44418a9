"""Makes the pictures stored in notebooks small: 128 colours are enough for a plot, and the file is a third. Usage: python tools/shrink.py NOTEBOOK..."""
import base64, io, json, sys
from pathlib import Path
from PIL import Image

def shrink(png: str) -> str:
    "A PNG in base64 with a palette, if that is smaller."
    image = Image.open(io.BytesIO(base64.b64decode(png)))
    if image.mode == 'P': return png
    out = io.BytesIO()
    image.convert('RGB').quantize(128, dither=Image.Dither.NONE).save(out, 'PNG', optimize=True)
    small = base64.b64encode(out.getvalue()).decode()
    return small if len(small) < len(png) else png

def shrink_notebook(nb: dict) -> None:
    "Every picture of a notebook, in place."
    for data in (o.get('data', {}) for c in nb['cells'] for o in c.get('outputs', [])):
        if 'image/png' in data: data['image/png'] = shrink(''.join(data['image/png']))

if __name__ == '__main__':
    for path in map(Path, sys.argv[1:]):
        nb, before = json.loads(path.read_text(encoding='utf-8')), path.stat().st_size
        shrink_notebook(nb)
        path.write_text(json.dumps(nb, indent=1, ensure_ascii=False)+'\n', encoding='utf-8')
        if path.stat().st_size < .9*before: print(f'{path.name}: {before/1e3:.0f} kB -> {path.stat().st_size/1e3:.0f} kB')
