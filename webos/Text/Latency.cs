using System.Globalization;

namespace VSan.WebOs.Text;

/// <summary>How long a command took: "85 µs", "0.87 ms", "12 ms", "1.5 s".</summary>
public readonly record struct Latency(double Seconds) : IFormattable
{
    /// <inheritdoc/>
    public override string ToString() => Seconds switch
    {
        < 100e-6 => string.Create(CultureInfo.InvariantCulture, $"{Seconds * 1e6:0} µs"),
        < 10e-3 => string.Create(CultureInfo.InvariantCulture, $"{Seconds * 1e3:0.##} ms"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{Seconds * 1e3:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Seconds:0.##} s"),
    };

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();
}
