using System.Globalization;

namespace VSan.Station.Domain;

/// <summary>Sizes in sentences for people.</summary>
public static class SizeText
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A size of 0 or more bytes in the largest binary unit that leaves at least 1, with one decimal, rounded down: what is offered is there.</summary>
    public static string Of(long bytes)
    {
        int unit = 0;
        decimal value = bytes;
        for (; value >= 1024 && unit < Units.Length - 1; unit++) value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{decimal.Floor(value * 10) / 10:0.#} {Units[unit]}");
    }
}
