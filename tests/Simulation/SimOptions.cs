using System.Globalization;

namespace VSan.Tests.Simulation;

/// <summary>The words of <c>./dev sim</c>.</summary>
internal sealed record SimOptions
{
    public const string Usage = "usage: ./dev sim --seeds N [--from N] [--units N] [--minutes N] | --seed N [--units N] [--minutes N] [--trace] | --planted [--seeds N]";

    /// <summary>First seed.</summary>
    public int From { get; init; } = 1;

    /// <summary>How many seeds.</summary>
    public int Seeds { get; init; } = 100;

    /// <summary>Units of each pool.</summary>
    public int Units { get; init; } = 6;

    /// <summary>Minutes of simulated time with misfortune.</summary>
    public int Minutes { get; init; } = 5;

    /// <summary>What happens is written to standard output.</summary>
    public bool Trace { get; init; }

    /// <summary>Each planted bug is looked for.</summary>
    public bool Planted { get; init; }

    /// <summary>The words; null when one of them makes no sense.</summary>
    public static SimOptions? TryParse(IReadOnlyList<string> words)
    {
        SimOptions options = new();
        for (int index = 0; index < words.Count; index++)
        {
            SimOptions? next = words[index] switch
            {
                "--trace" => options with { Trace = true },
                "--planted" => options with { Planted = true, Seeds = 1000 },
                string option when index + 1 < words.Count && int.TryParse(words[++index], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 => options.With(option, number),
                _ => null,
            };
            if (next is null) return null;
            options = next;
        }

        return options;
    }

    private SimOptions? With(string option, int number) => option switch
    {
        "--seeds" => this with { Seeds = number },
        "--from" => this with { From = number },
        "--seed" => this with { From = number, Seeds = 1 },
        "--units" => this with { Units = number },
        "--minutes" => this with { Minutes = number },
        _ => null,
    };
}
