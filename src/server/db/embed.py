"""embed.py OUTPUT NAME=FILE…: writes C text that holds each file as `const char NAME[]`, ending with a NUL."""
import sys

with open(sys.argv[1], "w", encoding="ascii") as out:
    for pair in sys.argv[2:]:
        name, path = pair.split("=", 1)
        with open(path, "rb") as file:
            data = file.read() + b"\0"
        out.write(f"extern const char {name}[];\nconst char {name}[] = {{\n")
        for at in range(0, len(data), 24):
            out.write(",".join(str(byte if byte < 128 else byte - 256) for byte in data[at:at + 24]) + ",\n")
        out.write("};\n")
