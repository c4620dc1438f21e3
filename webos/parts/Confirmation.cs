using VSan.WebOs.Slices;

namespace VSan.WebOs.Parts;

/// <summary>The last question before something is lost: what it does, and, when it cannot be undone, the name to be typed.</summary>
/// <param name="Words">What is about to happen, and to what.</param>
/// <param name="Consequences">What it means, computed now.</param>
/// <param name="Form">What is sent.</param>
public sealed record Confirmation(string Words, IReadOnlyList<string> Consequences, Form Form) : Part
{
    /// <summary>A confirmation without a name: what is done can be done again.</summary>
    public static Confirmation Simple(string words, IReadOnlyList<string> consequences, string path, string verb, string backPath) =>
        new(words, consequences, Of(path, verb, backPath));

    /// <summary>A confirmation that asks for the exact name.</summary>
    public static Confirmation Typed(string words, IReadOnlyList<string> consequences, string path, string verb, string backPath, string noun, params IReadOnlyList<Field> more) =>
        new(words, consequences, Of(path, verb, backPath, [new Field("confirm", $"Type the name of the {noun}") { Required = true }, .. more]));

    /// <summary>The same after an attempt.</summary>
    public Confirmation After(Outcome outcome) => this with { Form = Form.After(outcome) };

    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Confirmation { Model = this };

    private static Form Of(string path, string verb, string backPath, params IReadOnlyList<Field> fields) =>
        new("confirm", path, verb, fields) { ClassName = "danger solid", Back = new Link("Keep it", backPath) { ClassName = "button" } };
}
