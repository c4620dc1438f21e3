using System.Buffers;
using System.Globalization;

namespace VSan.Client;

/// <summary>Sizes as people write and read them. Powers of 1024 have the i (GiB), powers of 1000 have none (GB).</summary>
internal static class ByteSize
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Suffix, long Bytes)[] Suffixes =
    [
        ("B", 1),
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("PiB", 1L << 50),
        ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("PB", 1_000_000_000_000_000),
    ];

    /// <summary>Reads <c>10GiB</c>, <c>1.5 TiB</c>, <c>500 MB</c>, or a plain number of bytes.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="bytes">The size, above 0.</param>
    /// <param name="error">Why not, as a sentence; empty on success.</param>
    public static bool TryParse(string text, out long bytes, out string error)
    {
        bytes = 0;
        string trimmed = text.Trim();
        int digits = trimmed.AsSpan().IndexOfAnyExcept(NumberCharacters);
        string number = digits < 0 ? trimmed : trimmed[..digits];
        string suffix = digits < 0 ? "B" : trimmed[digits..].TrimStart();
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
        {
            error = $"'{text}' is not a size. Write a number and a unit, for example 10GiB or 500MB.";
            return false;
        }

        long factor = Suffixes.FirstOrDefault(s => s.Suffix.Equals(suffix, StringComparison.OrdinalIgnoreCase)).Bytes;
        error = (factor, value) switch
        {
            (0, _) when suffix.Length == 1 && "KMGTP".Contains(suffix, StringComparison.OrdinalIgnoreCase) =>
                $"'{text}' is ambiguous. Write {suffix}iB for powers of 1024 or {suffix}B for powers of 1000.",
            (0, _) => $"'{suffix}' is not a unit of size. Use KiB, MiB, GiB, TiB, PiB or kB, MB, GB, TB, PB.",
            (_, 0) => "A size is above 0.",
            _ when value > long.MaxValue / (decimal)factor => $"'{text}' is more than any pool can hold.",
            _ when value * factor != decimal.Truncate(value * factor) => $"'{text}' is not a whole number of bytes.",
            _ => string.Empty,
        };
        if (error.Length > 0) return false;
        bytes = (long)(value * factor);
        return true;
    }

    /// <summary>The size in the largest binary unit that leaves at least 1, three significant digits: <c>10 GiB</c>, <c>1.46 TiB</c>.</summary>
    public static string Format(long bytes)
    {
        (string suffix, long factor) = Suffixes[..6].LastOrDefault(s => bytes >= s.Bytes, Suffixes[0]);
        double value = (double)bytes / factor;
        string format = value switch { < 10 => "0.##", < 100 => "0.#", _ => "0" };
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + suffix;
    }
}
