using System.Globalization;

namespace VSan.Tests.Proof;

/// <summary>How long a rig runs, on what, and whether on the product or on one that breaks the promise.</summary>
/// <param name="Count">States, rounds or increments.</param>
/// <param name="Seed">Of everything that is left to chance.</param>
/// <param name="Break">True for the negative control: faults are what it has to find.</param>
/// <param name="Volumes">Volumes that the server has, where a rig makes use of more than one.</param>
internal sealed record ProofOptions(long Count, int Seed, bool Break = false, int Volumes = 8)
{
    /// <summary>Parses <c>--states N</c> (or rounds, increments), <c>--seed N</c>, <c>--break</c> and <c>--volumes N</c>.</summary>
    /// <returns>Null when one of them makes no sense.</returns>
    public static ProofOptions? TryParse(IReadOnlyList<string> words, string countName, long countDefault)
    {
        ProofOptions options = new(countDefault, Random.Shared.Next());
        for (int i = 0; i < words.Count; i++)
        {
            if (words[i] == "--break")
            {
                options = options with { Break = true };
                continue;
            }

            if (i + 1 == words.Count || !long.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number < 1) return null;
            switch (words[i++])
            {
                case var name when name == countName:
                    options = options with { Count = number };
                    break;
                case "--seed" when number <= int.MaxValue:
                    options = options with { Seed = (int)number };
                    break;
                case "--volumes" when number <= 10_000:
                    options = options with { Volumes = (int)number };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
