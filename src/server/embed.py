"""embed.py FILE OUTPUT NAME: writes C text that holds the bytes of FILE as `const char NAME[]`, ended by a zero."""
import sys

source, output, name = sys.argv[1:]
with open(source, "rb") as file:
    data = file.read() + b"\0"
with open(output, "w", encoding="ascii") as out:
    out.write(f"extern const char {name}[];\nconst char {name}[] = {{\n")
    for at in range(0, len(data), 24):
        out.write(",".join(str(byte if byte < 128 else byte - 256) for byte in data[at:at + 24]) + ",\n")
    out.write("};\n")
