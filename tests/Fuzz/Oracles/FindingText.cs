using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace VSan.Tests.Fuzz.Oracles;

/// <summary>The words of a finding, put together only where there is one.</summary>
[InterpolatedStringHandler]
internal readonly ref struct FindingText
{
    private readonly StringBuilder? _text;

    public FindingText(int literalLength, int formattedCount, bool holds, out bool speaks)
    {
        speaks = !holds;
        _text = holds ? null : new StringBuilder(literalLength + (8 * formattedCount));
    }

    public void AppendLiteral(string text) => _text!.Append(text);

    public void AppendFormatted<T>(T value, string? format = null) =>
        _text!.Append(value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString());

    public override string ToString() => _text?.ToString() ?? string.Empty;
}
