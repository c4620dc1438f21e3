using System.Text.Json;
using VSan.Contracts.Api;

namespace VSan.Cli;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>For people with a wide window.</summary>
    Wide,

    /// <summary>For programs: the API's own JSON, sizes in bytes.</summary>
    Json,

    /// <summary>One name a line, for shells.</summary>
    Name,
}

/// <summary>Writes results to standard output in the format that was asked for.</summary>
internal sealed class Output(TextWriter writer, OutputFormat format)
{
    private static readonly ApiJson Indented = new(new JsonSerializerOptions(ApiJson.Default.Options) { WriteIndented = true });

    /// <summary>Where results go.</summary>
    public TextWriter Writer { get; } = writer;

    /// <summary>True: only JSON may appear on standard output.</summary>
    public bool IsJson => format == OutputFormat.Json;

    /// <summary>True: one name a line.</summary>
    public bool IsName => format == OutputFormat.Name;

    /// <summary>A list; in JSON the page object of the API, with all items.</summary>
    public void WriteList<TItem, TPage>(Noun<TItem, TPage> noun, IReadOnlyList<TItem> items)
    {
        switch (format)
        {
            case OutputFormat.Json:
                WriteJson(noun.PageOf(items));
                break;
            case OutputFormat.Name:
                foreach (TItem item in items) Writer.WriteLine(noun.NameOf(item));
                break;
            case OutputFormat.Wide:
                OutputTable.Write(Writer, noun.Columns, items);
                break;
            case OutputFormat.Table:
                OutputTable.Write(Writer, [.. noun.Columns.Where(c => !c.WideOnly)], items);
                break;
        }
    }

    /// <summary>One object with all its columns.</summary>
    public void WriteOne<TItem, TPage>(Noun<TItem, TPage> noun, TItem item) => WriteOne(noun.Columns, noun.NameOf, item);

    /// <summary>One object that has no list.</summary>
    public void WriteOne<T>(IReadOnlyList<Column<T>> columns, Func<T, string> nameOf, T item)
    {
        switch (format)
        {
            case OutputFormat.Json:
                WriteJson(item);
                break;
            case OutputFormat.Name:
                Writer.WriteLine(nameOf(item));
                break;
            case OutputFormat.Table or OutputFormat.Wide:
                OutputTable.WriteOne(Writer, columns, item);
                break;
        }
    }

    /// <summary>One compact JSON object on a line of its own, for streams.</summary>
    public void WriteJsonLine<T>(T value) => Writer.WriteLine(JsonSerializer.Serialize(value, ApiClient.TypeInfo<T>()));

    /// <summary>A sentence for a person; nothing in JSON, where silence is success.</summary>
    public void WriteSentence(string sentence)
    {
        if (format is OutputFormat.Table or OutputFormat.Wide) Writer.WriteLine(sentence);
    }

    private void WriteJson<T>(T value) => Writer.WriteLine(JsonSerializer.Serialize(value, Indented.GetTypeInfo(typeof(T))!));
}
