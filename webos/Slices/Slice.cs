// The Razor compiler calls these members by its own signatures: offsets are its, and nothing here needs them.
#pragma warning disable IDE0060, CA1822

using System.Globalization;
using System.Text.Encodings.Web;

namespace VSan.WebOs.Slices;

/// <summary>
/// Base class of every template: what the Razor compiler's code calls, and nothing else. All values are HTML-encoded; there is no way to write
/// raw markup and no <c>Write(object)</c>, so a value without a textual form is a compile error. One instance renders once, on one thread.
/// </summary>
public abstract class Slice
{
    private TextWriter _output = TextWriter.Null;
    private string _attributeName = "";
    private string _attributePrefix = "";
    private string _attributeSuffix = "";
    private bool _attributeOpen;

    /// <summary>The template's body; written by the Razor compiler.</summary>
    public abstract Task ExecuteAsync();

    /// <summary>Renders this template to the end.</summary>
    public Task RenderAsync(TextWriter output)
    {
        _output = output;
        return ExecuteAsync();
    }

    /// <summary>Renders this template into a string.</summary>
    public async Task<string> RenderAsync()
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        await RenderAsync(output);
        return output.ToString();
    }

    /// <summary>Renders another template at this place: <c>@await Include(new …)</c>.</summary>
    protected async Task<Included> Include(Slice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        await slice.RenderAsync(_output);
        return default;
    }

    /// <summary>Writes the template's own markup.</summary>
    protected void WriteLiteral(string? literal) => _output.Write(literal);

    /// <summary>Writes a value, encoded.</summary>
    protected void Write(string? value)
    {
        if (value is not null) HtmlEncoder.Default.Encode(_output, value);
    }

    /// <summary>Writes a number, an id or another value with a textual form, in the invariant culture, encoded.</summary>
    protected void Write<T>(T value) where T : IFormattable => Write(value.ToString(null, CultureInfo.InvariantCulture));

    /// <summary>Writes nothing: the included template has written itself.</summary>
    protected void Write(Included included) => _ = included;

    /// <summary>
    /// Begins an attribute. With exactly one part, its name and quote wait until that part turns out to be something; with none it is
    /// written empty, as in <c>alt=""</c>.
    /// </summary>
    protected void BeginWriteAttribute(string name, string prefix, int prefixOffset, string suffix, int suffixOffset, int attributeValuesCount)
    {
        _attributeName = name;
        _attributePrefix = prefix;
        _attributeSuffix = suffix;
        if (attributeValuesCount != 1) Open();
    }

    /// <summary>Writes one part of an attribute: text, encoded; null makes a one-part attribute vanish.</summary>
    protected void WriteAttributeValue(string prefix, int prefixOffset, string? value, int valueOffset, int valueLength, bool isLiteral)
    {
        if (value is null) return;
        Open();
        WriteLiteral(prefix);
        if (isLiteral) WriteLiteral(value);
        else Write(value);
    }

    /// <summary>Writes a boolean attribute: <c>required="required"</c> or nothing.</summary>
    protected void WriteAttributeValue(string prefix, int prefixOffset, bool value, int valueOffset, int valueLength, bool isLiteral) =>
        WriteAttributeValue(prefix, prefixOffset, value ? _attributeName : null, valueOffset, valueLength, isLiteral);

    /// <summary>Writes one part of an attribute: a number, an id or another value with a textual form.</summary>
    protected void WriteAttributeValue<T>(string prefix, int prefixOffset, T value, int valueOffset, int valueLength, bool isLiteral)
        where T : IFormattable =>
        WriteAttributeValue(prefix, prefixOffset, value.ToString(null, CultureInfo.InvariantCulture), valueOffset, valueLength, isLiteral);

    /// <summary>Ends the attribute.</summary>
    protected void EndWriteAttribute()
    {
        if (_attributeOpen) WriteLiteral(_attributeSuffix);
        _attributeOpen = false;
    }

    private void Open()
    {
        if (_attributeOpen) return;
        WriteLiteral(_attributePrefix);
        _attributeOpen = true;
    }
}

/// <summary>A template with a model.</summary>
public abstract class Slice<TModel> : Slice
{
    /// <summary>What the template shows.</summary>
    public required TModel Model { get; init; }
}

/// <summary>What <see cref="Slice.Include"/> leaves at its place: nothing.</summary>
public readonly record struct Included;
