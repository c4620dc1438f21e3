using System.Globalization;
using System.Text;
using VSan.WebOs.Slices;

namespace VSan.WebOs.Parts;

/// <summary>Values over time, drawn by the station. What it shows is also said in words; the numbers themselves belong into a table beside it.</summary>
/// <param name="Id">Its id on the page.</param>
/// <param name="Title">What is drawn.</param>
/// <param name="Axis">The time that it covers.</param>
/// <param name="Scale">How values are written and where the axis ends.</param>
/// <param name="Lines">The lines, at most two: they are told apart by their strokes.</param>
public sealed record Chart(string Id, string Title, ChartAxis Axis, ChartScale Scale, IReadOnlyList<ChartLine> Lines) : Part
{
    /// <summary>Width of the drawing; it is stretched to the room that there is.</summary>
    public const int Width = 600;

    /// <summary>Height of the drawing.</summary>
    public const int Height = 120;

    /// <summary>Where the axis of values ends.</summary>
    public double Top => Scale.TopOf(Lines.SelectMany(line => line.Values).Max() ?? 0);

    /// <summary>The same in words.</summary>
    public string Words => $"{Title}, {Axis.Words}: " + string.Join("; ", Lines.Select(line => $"{line.Name} {WordsOf(line)}")) + ".";

    /// <summary>The value of a line in the newest step, in words.</summary>
    public string Latest(ChartLine line) => line.Values is [.., { } value] ? Scale.Write(value) : "–";

    /// <summary>The path of a line: a stroke for each stretch without a gap.</summary>
    public string PathOf(ChartLine line)
    {
        StringBuilder path = new();
        double top = Top;
        bool draws = false;
        for (int i = 0; i < line.Values.Count; i++)
        {
            if (line.Values[i] is not { } value)
            {
                draws = false;
                continue;
            }

            double x = Axis.Count <= 1 ? 0 : Width * (double)i / (Axis.Count - 1);
            double y = Height - (Height * value / top);
            path.Append(CultureInfo.InvariantCulture, $"{(draws ? 'L' : 'M')}{x:0.#} {y:0.#}");
            // A point without neighbours would not be seen.
            if (!draws) path.Append("h.1");
            draws = true;
        }

        return path.ToString();
    }

    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Chart { Model = this };

    private string WordsOf(ChartLine line) => line.Values.Max() is { } highest ? $"{(line.Values is [.., { } value] ? Scale.Write(value) : "nothing")} now, {Scale.Write(highest)} at most" : "nothing";
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Values">One for each step of the axis; null where nothing is known.</param>
public sealed record ChartLine(string Name, IReadOnlyList<double?> Values);

/// <summary>The time that a chart covers.</summary>
/// <param name="Words">In words: "the last hour".</param>
/// <param name="From">Where it begins, in words.</param>
/// <param name="To">Where it ends, in words.</param>
/// <param name="Count">Steps.</param>
public sealed record ChartAxis(string Words, string From, string To, int Count);

/// <summary>How the values of a chart are written.</summary>
/// <param name="Write">A value with its unit.</param>
/// <param name="IsBinary">True: the axis ends at a power of two; false: at one, two or five times a power of ten.</param>
public sealed record ChartScale(Func<double, string> Write, bool IsBinary)
{
    /// <summary>The end of an axis that has room for a value.</summary>
    public double TopOf(double highest)
    {
        if (!(highest > 0)) return 1;
        if (IsBinary) return Math.Pow(2, Math.Ceiling(Math.Log2(highest)));
        double power = Math.Pow(10, Math.Floor(Math.Log10(highest)));
        foreach (int step in (ReadOnlySpan<int>)[1, 2, 5])
            if (highest <= step * power) return step * power;
        return 10 * power;
    }
}
