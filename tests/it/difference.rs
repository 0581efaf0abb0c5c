//! What differs between two texts, line by line, so that a failure shows what to look at.

/// Lines that are shown of one text; what lies beyond is counted.
const SHOWN: usize = 40;

/// Returns the lines that only one of two texts has, `-` before those that were expected and `+`
/// before those that are there, with the numbers of lines that were passed over between them.
pub(crate) fn of(expected: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (expected.split('\n').collect(), found.split('\n').collect());
    let mut lines = Vec::new();
    let mut equal = 0;
    for (mark, line) in marked(&old, &new) {
        if mark == ' ' {
            equal += 1;
            continue;
        }
        if equal > 0 {
            lines.push(format!("    … {equal} equal"));
            equal = 0;
        }
        lines.push(format!("    {mark} {line}"));
    }
    let hidden = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if hidden > 0 {
        lines.push(format!("    … {hidden} more"));
    }
    lines.join("\n")
}

/// Every line of both texts with its mark, in order: the longest common subsequence is equal.
fn marked<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(char, &'t str)> {
    // Most of a page is as it was: the table is made for what lies between.
    let before = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let (old_rest, new_rest) = (&old[before..], &new[before..]);
    let behind = old_rest.iter().rev().zip(new_rest.iter().rev());
    let after = behind.take_while(|(one, other)| one == other).count();
    let (from, to) = (&old_rest[..old_rest.len() - after], &new_rest[..new_rest.len() - after]);
    let mut common = vec![vec![0_u32; to.len() + 1]; from.len() + 1];
    for i in (0..from.len()).rev() {
        for j in (0..to.len()).rev() {
            common[i][j] = if from[i] == to[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let mut lines: Vec<(char, &str)> = old[..before].iter().map(|line| (' ', *line)).collect();
    let (mut i, mut j) = (0, 0);
    while i < from.len() || j < to.len() {
        if i < from.len() && j < to.len() && from[i] == to[j] {
            lines.push((' ', from[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == to.len() || (i < from.len() && common[i + 1][j] >= common[i][j + 1]) {
            lines.push(('-', from[i]));
            i += 1;
        } else {
            lines.push(('+', to[j]));
            j += 1;
        }
    }
    lines.extend(old_rest[old_rest.len() - after..].iter().map(|line| (' ', *line)));
    lines
}

#[test]
fn only_lines_that_differ_are_shown() {
    assert_eq!(of("一\n二\n三\n四", "一\n二\n叁\n四"), "    … 2 equal\n    - 三\n    + 叁");
    assert_eq!(of("一\n二\n三", "零\n一\n三"), "    + 零\n    … 1 equal\n    - 二");
    assert_eq!(of("一", "一"), "");
    let many: String = (0..100).map(|number| number.to_string() + "\n").collect();
    assert!(of("", &many).ends_with("\n    + 39\n    … 60 more"), "{}", of("", &many));
}
