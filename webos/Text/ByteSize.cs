using System.Globalization;

namespace VSan.WebOs.Text;

/// <summary>A number of bytes as a person reads it: the largest binary unit that leaves at least 1, and three digits at most ("64 GiB", "1.5 TiB").</summary>
public readonly record struct ByteSize(long Bytes) : IFormattable
{
    /// <summary>The units to choose from in a form, with their number of bytes.</summary>
    public static readonly IReadOnlyList<KeyValuePair<string, long>> Units = [new("MiB", 1L << 20), new("GiB", 1L << 30), new("TiB", 1L << 40)];

    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <inheritdoc/>
    public override string ToString()
    {
        double value = Bytes;
        int unit = 0;
        while (Math.Abs(value) >= 1024 && unit < s_units.Length - 1)
        {
            value /= 1024;
            unit++;
        }
        // Rounded down, so that free space is never shown larger than it is, and 1023.9 GiB does not become 1024.
        string format = Math.Abs(value) < 10 ? "0.##" : Math.Abs(value) < 100 ? "0.#" : "0";
        double step = Math.Abs(value) < 10 ? 100 : Math.Abs(value) < 100 ? 10 : 1;
        return string.Create(CultureInfo.InvariantCulture, $"{(Math.Truncate(value * step) / step).ToString(format, CultureInfo.InvariantCulture)} {s_units[unit]}");
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();
}
