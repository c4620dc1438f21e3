namespace VSan.Tests.Fuzz.Scripts;

/// <summary>Makes a script that shows something as short as it can be and still show it.</summary>
internal static class ScriptShrinker
{
    /// <summary>Leaves out steps, many at a time and then single ones, and data from its end.</summary>
    public static Script Shrink(Script script, Func<Script, bool> shows)
    {
        for (int many = Math.Max(1, script.Steps.Count / 2); many > 0; many /= 2)
        {
            for (int at = script.Steps.Count - many; at >= 0; at -= many)
            {
                var fewer = new Script([.. script.Steps.Take(at), .. script.Steps.Skip(at + many)]);
                if (shows(fewer)) script = fewer;
                at = Math.Min(at, script.Steps.Count);
            }
        }

        for (int at = 0; at < script.Steps.Count; at++) script = ShrinkData(script, at, shows);
        return script;
    }

    private static Script ShrinkData(Script script, int at, Func<Script, bool> shows)
    {
        while (script.Steps[at] is Step.Pdu { Data.Length: > 0 } pdu)
        {
            Step half = pdu with { Data = pdu.Data[..(pdu.Data.Length / 2)] };
            var less = new Script([.. script.Steps.Take(at), half, .. script.Steps.Skip(at + 1)]);
            if (!shows(less)) return script;
            script = less;
        }

        return script;
    }
}
