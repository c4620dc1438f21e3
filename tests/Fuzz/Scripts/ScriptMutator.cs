using VSan.Tests.Fuzz.Grammar;

namespace VSan.Tests.Fuzz.Scripts;

/// <summary>Makes a script from one or two others: steps come, go, move, are said twice; a field gets another value; bytes flip.</summary>
internal static class ScriptMutator
{
    private const int StepsMax = 64;

    public static Script Mutate(Script script, Script other, ScriptGrammar grammar, Random random)
    {
        var steps = new List<Step>(script.Steps);
        for (int changes = 1 + random.Next(3); changes > 0 && steps.Count > 0; changes--) Change(steps, other, grammar, random);
        if (steps.Count > StepsMax) steps.RemoveRange(StepsMax, steps.Count - StepsMax);
        return new Script(steps);
    }

    private static void Change(List<Step> steps, Script other, ScriptGrammar grammar, Random random)
    {
        int at = random.Next(steps.Count);
        switch (random.Next(8))
        {
            case 0:
                steps.RemoveAt(at);
                break;
            case 1:
                steps.Insert(at, steps[random.Next(steps.Count)]);
                break;
            case 2:
                (steps[at], steps[^1]) = (steps[^1], steps[at]);
                break;
            case 3:
                // The tail of another one, which may have come further.
                steps.RemoveRange(at, steps.Count - at);
                steps.AddRange(other.Steps.Skip(random.Next(other.Steps.Count)));
                break;
            case 4:
                steps.InsertRange(at, grammar.Next(random));
                break;
            default:
                if (steps[at] is Step.Pdu pdu) steps[at] = Change(pdu, random);
                break;
        }
    }

    private static Step.Pdu Change(Step.Pdu pdu, Random random)
    {
        byte[] header = [.. pdu.Header];
        byte[] data = [.. pdu.Data];
        switch (random.Next(7))
        {
            case 0:
                header[random.Next(header.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                Numbers.Interesting32(random, header.AsSpan(4 * random.Next(header.Length / 4), 4));
                break;
            case 2 when data.Length > 0:
                data[random.Next(data.Length)] = (byte)Numbers.Interesting(random);
                break;
            case 3 when data.Length > 0:
                data = data[..random.Next(data.Length)];
                break;
            case 4:
                data = [.. data, .. new byte[1 + random.Next(64)]];
                break;
            case 5:
                return pdu with { Fixes = pdu.Fixes ^ (Fix)(1 << random.Next(8)) };
            default:
                return pdu with { Connection = random.Next(Script.ConnectionsMax) };
        }

        return pdu with { Header = header, Data = data };
    }
}
